//! The commands, for scripts: results on standard output, everything else on standard
//! error, and an exit code that says how it went.

#[path = "commands/batches.rs"]
mod batches;
#[path = "commands/exporting.rs"]
mod exporting;
#[path = "commands/files.rs"]
mod files;
#[path = "commands/generating.rs"]
mod generating;
#[path = "commands/importing.rs"]
mod importing;
#[path = "commands/itself.rs"]
mod itself;
#[path = "commands/looking.rs"]
mod looking;
#[path = "commands/manners.rs"]
mod manners;
#[path = "commands/queue.rs"]
mod queue;
#[path = "commands/serving.rs"]
mod serving;
#[path = "commands/spending.rs"]
mod spending;
#[path = "commands/trash.rs"]
mod trash;
