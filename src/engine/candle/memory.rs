//! How the process's allocator serves this engine.

/// Has the C library keep freed memory instead of giving it back: every training step allocates the same tensors, and
/// fetching their pages anew from the system took a seventh of a step. It changes the whole process, so a program calls
/// it once at its start; other systems' allocators are left alone.
pub fn keep_freed_memory() {
    #[cfg(all(target_os = "linux", target_env = "gnu"))]
    // SAFETY: mallopt only sets two numbers of the allocator, under its own lock.
    unsafe {
        libc::mallopt(libc::M_MMAP_THRESHOLD, 32 << 20);
        libc::mallopt(libc::M_TRIM_THRESHOLD, 256 << 20);
    }
}
