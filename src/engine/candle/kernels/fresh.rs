//! Fresh memory that tasks fill in parallel: numbers that are written anyway need not be zero first.

use std::mem::MaybeUninit;

use rayon::prelude::*;

/// `count` numbers, filled by `write` in tasks of `task` numbers (the last may be shorter), and what each task
/// returned. `write` gets the task's index, its numbers, and scratch memory made by `scratch`, which it may find as an
/// earlier task left it.
///
/// # Safety
/// `write` must write all numbers of the task.
pub unsafe fn written<T: Send, S, R: Send>(
    count: usize,
    task: usize,
    scratch: impl Fn() -> S + Send + Sync,
    write: impl Fn(usize, &mut [MaybeUninit<T>], &mut S) -> R + Send + Sync,
) -> (Vec<T>, Vec<R>) {
    let mut numbers: Vec<T> = Vec::with_capacity(count);
    let returned = numbers.spare_capacity_mut()[..count]
        .par_chunks_mut(task)
        .enumerate()
        .map_init(scratch, |scratch, (index, numbers)| write(index, numbers, scratch))
        .collect();
    // SAFETY: the tasks cover all `count` numbers, and the caller promises that each wrote all of its own.
    unsafe { numbers.set_len(count) };
    (numbers, returned)
}
