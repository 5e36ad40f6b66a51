#![doc = include_str!("../ARCHITECTURE.md")]

pub mod api;
pub mod app;
pub mod cli;
pub mod config;
pub mod domain;
pub mod engine;
pub mod face;
pub mod graphics;
pub mod metadata;
pub mod store;
pub mod tui;
pub mod ui;
