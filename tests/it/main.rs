//! One test binary, from cheap to dear (see ARCHITECTURE.md, "Tests").

mod api;
mod app;
mod config;
mod demo;
mod domain;
mod graphics;
mod project;
mod server;
mod store;
