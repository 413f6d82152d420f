//! The conformance kit: an adapter that keeps the contract passes, one that does not fails where it does not, and our
//! own desk is an adapter like any other.
#![cfg(test)]

mod command;
mod faults;
mod office;
mod whole;
