//! What a training step on the CPU asks of the allocator: it does not vary, so a rise is a change.

// A test may stop at the first thing that is not so, in its helpers too.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use kindling::Device;
use kindling::data::stand_in;
use kindling::train::bench::Bench;
use pollster::block_on;
use std::alloc::{GlobalAlloc, Layout, System};
use std::rc::Rc;
use std::sync::atomic::{AtomicUsize, Ordering};

static ALLOCATIONS: AtomicUsize = AtomicUsize::new(0);
static BYTES: AtomicUsize = AtomicUsize::new(0);
static HELD: AtomicUsize = AtomicUsize::new(0);

/// The system's allocator, counted.
struct Counting;

// SAFETY: every call goes to the system's allocator as it came.
#[allow(unsafe_code)]
unsafe impl GlobalAlloc for Counting {
    unsafe fn alloc(&self, layout: Layout) -> *mut u8 {
        ALLOCATIONS.fetch_add(1, Ordering::Relaxed);
        BYTES.fetch_add(layout.size(), Ordering::Relaxed);
        HELD.fetch_add(layout.size(), Ordering::Relaxed);
        unsafe { System.alloc(layout) }
    }

    unsafe fn dealloc(&self, pointer: *mut u8, layout: Layout) {
        HELD.fetch_sub(layout.size(), Ordering::Relaxed);
        unsafe { System.dealloc(pointer, layout) }
    }
}

#[global_allocator]
static COUNTED: Counting = Counting;

const STEPS: usize = 50;
/// Of a step at batch 32: 742 were counted (docs/measurements.md), and there is room for a few more.
const MOST_ALLOCATIONS: usize = 760;

/// The bytes a step may ask for. The products pack their operands in blocks as wide as the processor's vectors: 935,347 were
/// counted with AVX2 and 1,139,852 with AVX-512.
fn most_bytes() -> usize {
    let wide = std::fs::read_to_string("/proc/cpuinfo").is_ok_and(|all| all.contains("avx512f"));
    if wide { 1_155_000 } else { 950_000 }
}

#[test]
fn a_step_allocates_little_and_keeps_nothing() {
    block_on(async {
        let data = Rc::new(stand_in::data_set(6_000, "a test").unwrap());
        let mut bench = Bench::new(Device::CPU, data).unwrap();
        bench.train(32, STEPS).await.unwrap();
        let counts = || [&ALLOCATIONS, &BYTES, &HELD].map(|c| c.load(Ordering::Relaxed));
        let before = counts();
        bench.train(32, STEPS).await.unwrap();
        let after = counts();
        let a_step = |at: usize| (after[at] - before[at]) / STEPS;
        println!("{} allocations and {} bytes a step", a_step(0), a_step(1));
        assert!(
            a_step(0) <= MOST_ALLOCATIONS,
            "{} allocations a step",
            a_step(0)
        );
        assert!(a_step(1) <= most_bytes(), "{} bytes a step", a_step(1));
        // A few losses, read and returned, may live on.
        let kept = after[2].saturating_sub(before[2]);
        assert!(
            kept < 4_096,
            "{kept} bytes are still held after {STEPS} steps"
        );
    });
}
