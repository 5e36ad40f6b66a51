//! The whole program on a real pseudo-terminal: how soon it is there, how soon a key
//! shows, what it holds in memory, and that it sleeps. With `-- million` the start and the
//! memory are also measured with 1,000,000 generations.

#![expect(clippy::print_stdout, reason = "figures are what a bench is for")]

mod figures;
mod generator;
mod histories;
mod idle;
mod keys;
mod memory;
mod screen;
mod startup;

fn main() {
    let long = histories::kept(histories::LONG, 512);
    startup::measure(&long);
    memory::measure(&long, histories::LONG, 40);
    if let Some(million) = histories::million() {
        memory::measure(&million, histories::MILLION, 60);
    }
    idle::measure(&long);
    keys::measure();
}
