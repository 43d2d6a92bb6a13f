//! Native start: without an argument it opens the window, with a command it runs without one.

use std::alloc::{GlobalAlloc, Layout, System};
use std::io::{Cursor, Write};
use std::process::ExitCode;

/// The system's allocator, which ends the program with a sentence where memory is short. (Rust's own way is to abort, as
/// after a fault.)
struct Sparing;

#[global_allocator]
static ALLOCATOR: Sparing = Sparing;

// SAFETY: the system's allocator does all of it.
unsafe impl GlobalAlloc for Sparing {
    unsafe fn alloc(&self, layout: Layout) -> *mut u8 {
        // SAFETY: as promised to this function.
        found(unsafe { System.alloc(layout) }, layout.size())
    }

    unsafe fn alloc_zeroed(&self, layout: Layout) -> *mut u8 {
        // SAFETY: as promised to this function.
        found(unsafe { System.alloc_zeroed(layout) }, layout.size())
    }

    unsafe fn realloc(&self, memory: *mut u8, layout: Layout, size: usize) -> *mut u8 {
        // SAFETY: as promised to this function.
        found(unsafe { System.realloc(memory, layout, size) }, size)
    }

    unsafe fn dealloc(&self, memory: *mut u8, layout: Layout) {
        // SAFETY: as promised to this function.
        unsafe { System.dealloc(memory, layout) }
    }
}

/// The memory asked for; without any, the end of the program.
fn found(memory: *mut u8, size: usize) -> *mut u8 {
    if memory.is_null() {
        // Nothing here may allocate.
        let mut text = Cursor::new([0; 256]);
        let _ = writeln!(
            text,
            "error: not enough memory: {size} bytes more were wanted. What was saved is kept, and `--resume` goes on from \
             there; smaller batches, fewer images or fewer families need less"
        );
        let written = text.position() as usize;
        let _ = std::io::stderr().write_all(&text.get_ref()[..written]);
        std::process::exit(1);
    }
    memory
}

#[cfg(feature = "cli")]
fn main() -> ExitCode {
    seedling::engine::candle::keep_freed_memory();
    seedling::engine::webgpu::silence_wayland();
    seedling::cli::main()
}

/// Without the commands there is only the window.
#[cfg(all(feature = "app", not(feature = "cli")))]
fn main() -> ExitCode {
    if let Some(argument) = std::env::args().nth(1) {
        eprintln!(
            "error: found \"{argument}\", expected no argument: this program was built without its commands \
             (the feature \"cli\")"
        );
        return ExitCode::from(2);
    }
    seedling::engine::candle::keep_freed_memory();
    seedling::engine::webgpu::silence_wayland();
    match seedling::app::open() {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("error: cannot open a window: {error}");
            ExitCode::FAILURE
        }
    }
}

#[cfg(not(any(feature = "app", feature = "cli")))]
fn main() -> ExitCode {
    eprintln!(
        "error: this program was built without its window (the feature \"app\") and without its commands (the \
         feature \"cli\")"
    );
    ExitCode::from(2)
}
