//! From the file of a picture of 1024 × 1024 to a thumbnail, by the confined decoder.

use std::path::Path;

use criterion::Criterion;
use pentimento::graphics::decode;

use crate::generator;

pub(crate) fn mean(criterion: &mut Criterion) {
    let program = Path::new(env!("CARGO_BIN_EXE_pentimento"));
    let dir = tempfile::tempdir_in(env!("CARGO_TARGET_TMPDIR")).expect("a directory can be made");
    let file = dir.path().join("picture.png");
    std::fs::write(&file, generator::png(1024, 7)).expect("a file can be written");
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .expect("a runtime can be had");
    let mut group = criterion.benchmark_group("decode a PNG of 1024 × 1024");
    group.sample_size(40);
    for (what, side) in [("for a thumbnail", 64), ("for the preview", 256)] {
        group.bench_function(what, |bencher| {
            bencher.iter(|| {
                runtime.block_on(decode(program, &file, (side, side))).expect("it is a picture")
            });
        });
    }
    group.finish();
}
