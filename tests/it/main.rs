//! One test binary, from cheap to dear (see ARCHITECTURE.md, "Tests").

mod api;
mod app;
mod base_image;
mod commands;
mod config;
mod demo;
mod domain;
mod downloading;
mod extracts;
mod faults;
mod graphics;
mod guide;
mod home;
mod metadata;
mod plain;
mod project;
mod questions;
mod recovery;
mod server;
mod store;
mod stories;
mod studio;
mod terminal;
mod themes;
mod unlimited;
mod watching;
