//! The queue, which is also the outbox: what must happen outside is written in the transaction that decides it, and done
//! by a worker afterwards. Claimed briefly with a [lease](while_leased), run with no transaction open, finished briefly. A job may run
//! twice (its lease ran out, its process died), so every job is written to be repeated. After the last attempt it is
//! dead and stays until somebody has looked at it.

mod lease;
mod store;
#[cfg(test)]
mod tests;
mod worker;

pub use lease::{LEASE, while_leased};
pub use store::{DeadJob, NewJob, dead, depth, enqueue, free_leases, retry_dead, waiting};
pub use worker::{Duty, Job, JobFault, Stop, Worker};
