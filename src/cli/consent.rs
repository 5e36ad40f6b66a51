//! Asking whoever sits at the terminal before something is done for good.
//!
//! Promises that nobody is taken to agree who was not asked.

use std::io::{self, BufRead, IsTerminal};

use super::output;
use crate::config::Settings;
use crate::domain::{Allowance, Consent, Failure, Verdict};
use crate::engine;
use crate::store::StoreError;

/// Whether a line is typed that means yes.
pub(super) fn says_yes() -> bool {
    let mut answer = String::new();
    let read = io::stdin().lock().read_line(&mut answer);
    read.is_ok() && matches!(answer.trim().to_lowercase().as_str(), "y" | "yes")
}

/// Orders what `order` orders, asking first where the budget wants it, unless `yes` says it
/// beforehand. `false` when whoever was asked does not want it.
///
/// # Errors
/// When the budget refuses it, nobody can be asked, or it cannot be ordered.
pub(super) fn order(
    settings: &Settings,
    yes: bool,
    mut order: impl FnMut(&Allowance) -> Result<Verdict, StoreError>,
) -> Result<bool, Failure> {
    let mut consent = if yes { Consent::Given } else { Consent::Open };
    loop {
        let allowance = Allowance { budget: settings.budget, consent, now: engine::now() };
        match order(&allowance)? {
            Verdict::Fits => return Ok(true),
            Verdict::Refused(bill) => return Err(bill.refusal()),
            Verdict::Asks(bill) if !io::stdin().is_terminal() => {
                return Err(bill.unasked("With --yes it is sent without a question."));
            }
            Verdict::Asks(bill) => {
                output::say(&format!("{} Send it? Type yes:", bill.words()));
                if !says_yes() {
                    output::say("Not sent.");
                    return Ok(false);
                }
                consent = Consent::Given;
            }
        }
    }
}
