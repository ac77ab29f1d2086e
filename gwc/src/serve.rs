//! `gwc serve` on a laptop: from a folder to a running gateway, and again on every change.
//!
//! Data flows in one direction: paths → [`load`] → IR → [`plan`] (addresses), [`map`] (endpoints), [`authority`]
//! (certificates) → `gwc_runtime`. What drives it is in [`session`].

pub(crate) mod admin;
pub(crate) mod authority;
pub(crate) mod command;
pub(crate) mod examples;
pub(crate) mod ir_file;
pub(crate) mod load;
pub(crate) mod map;
pub(crate) mod memory;
pub(crate) mod plan;
pub(crate) mod proxy;
pub(crate) mod redirects;
pub(crate) mod session;
pub(crate) mod signals;
pub(crate) mod table;
pub(crate) mod unserved;
pub(crate) mod watch;
