//! The whole program on a real pseudo-terminal: how soon it is there, how soon a key
//! shows, what it holds in memory, and that it sleeps.

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
    let long = histories::kept(100_000, 512);
    startup::measure(&long);
    memory::measure(&long);
    idle::measure(&long);
    keys::measure();
}
