//! How long lifetimes and their gradients take, per plastic synapse and step.
//!
//! `cargo bench -p metaplastic-benches`. Criterion's throughput counts synapse-steps: 500 Melem/s are 2 ns each.
//! After its figures come ratios. The two sides of a ratio are measured in turn, so that a drift of the machine's
//! speed cancels. The network has 64 hidden neurons and the event rule where nothing else is said; the whole
//! meta-step is that of the built-in experiment, episodes and optimiser included.

use std::hint::black_box;
use std::sync::atomic::AtomicBool;
use std::time::{Duration, Instant};

use criterion::measurement::WallTime;
use criterion::{BenchmarkGroup, Criterion, Throughput};
use metaplastic_benches::Work;
use metaplastic_learn::autodiff::{self, Reference};
use metaplastic_learn::experiment::Experiment;
use metaplastic_learn::lifetime::Engine;
use metaplastic_learn::lifetime::carried::LaneBatch;
use metaplastic_learn::lifetime::fused::FusedLifetime;
use metaplastic_learn::meta::{TrainOptions, train};
use metaplastic_shared::rule::Preset;
use metaplastic_task::seed::Purpose;

/// Steps of the lifetimes of the sweep.
const LIFETIMES: [usize; 5] = [100, 300, 1000, 3000, 10_000];
/// Synapse-steps of one measurement in the sweep of lifetimes, so that all take equally long.
const SWEPT_STEPS: usize = 20_000;

/// Times a function on a number of threads and prints the cost of a synapse-step.
fn time<R: Send>(
    group: &mut BenchmarkGroup<'_, WallTime>,
    name: impl Into<String>,
    threads: usize,
    work: &Work,
    run: impl Fn(&Work) -> R + Sync,
) {
    let pool = pool(threads);
    group.throughput(Throughput::Elements(work.synapse_steps()));
    group.bench_function(name.into(), |bencher| {
        bencher.iter_custom(|rounds| {
            let start = Instant::now();
            (0..rounds).for_each(|_| drop(black_box(pool.install(|| run(work)))));
            start.elapsed()
        });
    });
}

/// The built-in size, forward and backward.
fn batches(criterion: &mut Criterion) {
    let mut group = criterion.benchmark_group("fused");
    for (threads, batch) in [(1, 32), (2, 32), (1, 256), (2, 256)] {
        let work = Work::new(64, 180, batch, Preset::Event);
        time(&mut group, format!("batch-{batch}/threads-{threads}"), threads, &work, Work::train);
    }
}

/// Both engines with loss and gradient of every meta-parameter, for their ratio.
fn engines(criterion: &mut Criterion) {
    let mut group = criterion.benchmark_group("engine");
    let work = Work::new(64, 180, 32, Preset::Event);
    let engines: [Box<dyn Engine>; 2] =
        [Box::new(autodiff::FusedEngine::new(FusedLifetime::default())), Box::new(Reference::default())];
    for engine in engines {
        time(&mut group, format!("{}-32", engine.name()), 1, &work, |work| {
            engine.gradient(&work.model, &work.flat, LaneBatch::fresh(&work.episodes)).map(|gradient| gradient.loss)
        });
    }
}

/// The forward pass alone, and each named rule.
fn parts(criterion: &mut Criterion) {
    let mut group = criterion.benchmark_group("parts");
    time(&mut group, "simulate", 1, &Work::new(64, 180, 32, Preset::Event), Work::evaluate);
    for preset in Preset::NAMED {
        time(&mut group, format!("rule-{preset:?}"), 1, &Work::new(64, 180, 32, preset), Work::train);
    }
}

/// How cost grows with the network and with the lifetime.
fn sweep(criterion: &mut Criterion) {
    let mut group = criterion.benchmark_group("sweep");
    for hidden in [64, 128, 256, 512, 1024] {
        let work = Work::new(hidden, 180, 4, Preset::Event);
        time(&mut group, format!("hidden-{hidden}"), 1, &work, Work::train);
    }
    for steps in LIFETIMES {
        time(&mut group, format!("steps-{steps}"), 1, &Work::new(64, steps, 4, Preset::Event), Work::train);
    }
}

/// A pool of its own for a number of threads.
fn pool(threads: usize) -> rayon::ThreadPool {
    rayon::ThreadPoolBuilder::new().num_threads(threads).build().expect("threads can be started")
}

/// The duration of a call, seconds.
fn seconds(run: impl FnOnce()) -> f64 {
    let start = Instant::now();
    run();
    start.elapsed().as_secs_f64()
}

/// The median of some values.
fn median(mut values: Vec<f64>) -> f64 {
    values.sort_by(f64::total_cmp);
    values[values.len() / 2]
}

/// Measures two functions in turn and prints the median of their ratios, and the cost of the second.
fn ratio(what: &str, rounds: usize, synapse_steps: u64, slow: impl Fn(), quick: impl Fn()) {
    let pairs = (0..rounds).map(|_| (seconds(&slow), seconds(&quick))).collect::<Vec<_>>();
    let ratio = median(pairs.iter().map(|(slow, quick)| slow / quick).collect());
    let cost = |seconds: Vec<f64>| 1e9 * median(seconds) / synapse_steps as f64;
    let (slow, quick): (Vec<f64>, Vec<f64>) = pairs.into_iter().unzip();
    println!("{what}: {ratio:.2} times ({:.2} and {:.2} ns per synapse-step)", cost(slow), cost(quick));
}

/// One against two threads, and the reference against the fused engine.
fn ratios() {
    let (one, two) = (pool(1), pool(2));
    for batch in [32, 256] {
        let work = Work::new(64, 180, batch, Preset::Event);
        let on = |pool: &rayon::ThreadPool| drop(black_box(pool.install(|| work.train())));
        let what = format!("fused, batch {batch}: two threads against one");
        ratio(&what, 15, work.synapse_steps(), || on(&one), || on(&two));
    }
    let work = Work::new(64, 180, 32, Preset::Event);
    let (fused, reference) = (autodiff::FusedEngine::new(FusedLifetime::default()), Reference::default());
    let on_one = |engine: &dyn Engine| {
        let gradient = one.install(|| engine.gradient(&work.model, &work.flat, LaneBatch::fresh(&work.episodes)));
        drop(black_box(gradient));
    };
    let what = "batch 32, one thread: fused against reference";
    ratio(what, 5, work.synapse_steps(), || on_one(&reference), || on_one(&fused));
    meta_steps(&one, &fused);
    lifetimes(&one);
}

/// The cost of a synapse-step in lifetimes of all lengths, each the median of rounds that take turns, and the largest
/// against the smallest: what has decayed to nothing must not cost more than other numbers.
fn lifetimes(pool: &rayon::ThreadPool) {
    let of_length = |steps| Work::new(64, steps, (SWEPT_STEPS / steps).max(1), Preset::Event);
    let works = LIFETIMES.map(of_length);
    let cost = |work: &Work| {
        1e9 * seconds(|| drop(black_box(pool.install(|| work.train())))) / work.synapse_steps() as f64
    };
    let rounds = (0..9).map(|_| works.each_ref().map(cost)).collect::<Vec<_>>();
    let costs = std::array::from_fn::<_, 5, _>(|at| median(rounds.iter().map(|round| round[at]).collect()));
    let largest = costs.iter().copied().fold(0.0, f64::max);
    let smallest = costs.iter().copied().fold(f64::MAX, f64::min);
    for (steps, cost) in LIFETIMES.into_iter().zip(costs) {
        println!("lifetimes of {steps} steps, one thread: {cost:.2} ns per synapse-step");
    }
    println!("lifetimes of 100 to 10000 steps: the largest cost is {:.2} times the smallest", largest / smallest);
}

/// Whole meta-steps of the built-in experiment on one thread.
fn meta_steps(pool: &rayon::ThreadPool, engine: &dyn Engine) {
    let mut experiment = Experiment::load("cue-association-one-episode").expect("it is built in");
    experiment.meta.meta_steps = 40;
    let folder = tempfile::tempdir().expect("a temporary folder");
    let stop = AtomicBool::new(false);
    let options = TrainOptions { folder: folder.path(), resume: false, checkpoint_every: 50, stop: &stop };
    let run = || train(&experiment, engine, options, &mut ()).expect("it trains");
    let trained = pool.install(run);
    let steps = experiment.task.steps(Purpose::Training) * experiment.model.network.plastic_synapses();
    let synapse_steps = steps as f64 * f64::from(experiment.meta.batch);
    let cost = median(trained.metrics.iter().map(|metrics| 1e9 * metrics.wall_seconds / synapse_steps).collect());
    println!("whole meta-step, batch 32, one thread: {cost:.2} ns per synapse-step");
}

fn main() {
    let few = Criterion::default().sample_size(10).warm_up_time(Duration::from_millis(300));
    let mut criterion = few.measurement_time(Duration::from_secs(2)).without_plots().configure_from_args();
    batches(&mut criterion);
    engines(&mut criterion);
    parts(&mut criterion);
    sweep(&mut criterion);
    criterion.final_summary();
    ratios();
}
