//! The price of the form, the totals, and the question before something that costs too much.

use insta::assert_snapshot;
use pentimento::app::spending::{Question, Totals};
use pentimento::app::{Effect, Event, Overlay};
use pentimento::domain::{
    Budget, Consent, Cost, Failure, FailureKind, Job, Request, Spent, Sum, Timestamp, Verdict,
};

use super::fixture::{NOON, Studio, alone, chords, generation};

fn cents(cents: u64) -> Cost {
    Cost::from_micros(cents * 10_000)
}

fn spent(settled: u64, estimated: u64, unknown: u64) -> Sum {
    Sum { settled: cents(settled), estimated: cents(estimated), unknown }
}

fn totals() -> Totals {
    Totals {
        session: spent(0, 12, 0),
        day: spent(30, 12, 0),
        month: spent(310, 12, 3),
        until: Timestamp::from_millis(NOON + 3_600_000),
    }
}

/// Has the order that was sent last asked about, as the history does.
fn asked(studio: &mut Studio) -> Effect {
    let effect = studio.taken().remove(0);
    let budget = Budget { ask_above: Some(cents(10)), ..Budget::default() };
    let batch = spent(0, 40, 0);
    let Verdict::Asks(bill) = budget.judge(batch, Spent::default(), Consent::Open) else {
        panic!("it asks")
    };
    let question = Question { bill, effect: effect.clone() };
    studio.happen(Event::Asked(Box::new(question))).draw();
    effect
}

#[test]
fn the_form_says_what_it_will_cost_as_it_is_written() {
    let mut studio = Studio::with(vec![]);
    assert!(studio.screen().contains("Form · free"));
    studio.keys("<F2><shift+tab><ctrl+u>google:gemini-3-pro-image");
    assert!(studio.screen().contains("Form · about $0.134 "), "{}", studio.screen());
    studio.keys("<tab><tab><tab>3");
    assert!(studio.screen().contains("Form · about $0.402 "), "{}", studio.screen());
    studio.keys("<shift+tab>9000x9000");
    assert!(studio.screen().contains("Form · price unknown "), "{}", studio.screen());
    studio.keys("<ctrl+u>huge");
    assert!(studio.screen().contains("Form ━"), "{}", studio.screen());
}

#[test]
fn only_the_key_that_generates_agrees_to_a_price() {
    let mut studio = Studio::with(vec![]);
    studio.keys("a fox<F5>");
    let effect = asked(&mut studio);
    assert!(studio.screen().contains("It costs about $0.40; you are asked above $0.10."));
    // A second press that was meant for the first one is none.
    studio.keys("<F5>");
    assert_eq!(studio.taken(), []);
    assert!(studio.notice().contains("Not sent twice"), "{}", studio.notice());
    studio.keys("y<enter>r<space>q<F3>?");
    assert_eq!((studio.taken(), studio.state.overlay), (vec![], Some(Overlay::Asking)));
    studio.wait(600).keys("<F5>");
    assert_eq!(studio.taken(), [Effect::Consented(Box::new(effect))]);
    assert_eq!((studio.state.overlay, &studio.state.spending.question), (None, &None));
}

#[test]
fn a_price_is_asked_about_over_whatever_was_opened_meanwhile() {
    for keys in ["<F7>", "<ctrl+r>", "<ctrl+p>", "y", "?"] {
        let mut studio = Studio::with(vec![generation(1, "a fox", Job::Done)]);
        studio.keys("<F3>r").keys(keys);
        asked(&mut studio);
        assert!(studio.screen().contains("Send it?"), "after {keys}: {}", studio.screen());
        studio.wait(600).keys("<esc>");
        assert_eq!((studio.state.overlay, &*studio.notice()), (None, "Not sent."), "{keys}");
    }
}

/// A terminal that marks no pastes: its keys come faster than any hand is.
#[test]
fn a_paste_agrees_to_no_price() {
    let mut studio = Studio::with(vec![generation(1, "a fox", Job::Done)]);
    studio.keys("<F3>r");
    asked(&mut studio);
    studio.wait(600);
    for chord in chords("two lines<ctrl+j>of it<ctrl+j>") {
        studio.wait(1).happen(Event::Key(chord));
    }
    assert_eq!((studio.taken(), studio.state.overlay), (vec![], Some(Overlay::Asking)));
}

#[test]
fn esc_leaves_the_money_where_it_is_and_the_form_as_it_was() {
    let mut studio = Studio::with(vec![generation(1, "a fox", Job::Done)]);
    studio.keys("<F3>r");
    asked(&mut studio);
    studio.wait(600).keys("<esc>");
    assert_eq!((studio.taken(), studio.state.overlay), (vec![], None));
    assert_eq!(studio.notice(), "Not sent.");
}

#[test]
fn after_a_refusal_by_the_budget_the_next_press_sends() {
    let mut studio = Studio::with(vec![]);
    studio.keys("a fox<F5>");
    studio.taken();
    let refusal = Failure::before_sending(FailureKind::Budget, "Not sent: over budget.", "");
    studio.happen(Event::Failed(refusal)).draw();
    assert!(studio.screen().contains("Not sent: over budget."));
    let request = Request::new("a fox", super::fixture::demo());
    assert_eq!(studio.keys("<F5>").taken(), [alone(request, None)]);
}

#[test]
fn totals_stand_on_top_as_far_as_there_is_room() {
    for (columns, says) in [
        (120, "~$0.12 now · ~$0.42 today · ~$3.22 + 3 unknown this month"),
        (80, "~$0.12 now · ~$0.42 today · ~$3.22 + 3 unknown this month"),
        (70, "~$0.42 today · ~$3.22 + 3 unknown this month"),
    ] {
        let mut studio = Studio::sized(vec![], columns, 24);
        studio.happen(Event::Spent(totals())).draw();
        let screen = studio.screen();
        assert!(screen.contains(&format!("Pentimento  {says} ")), "{screen}");
    }
    let mut studio = Studio::sized(vec![], 100, 24);
    studio.settings.budget.per_day = Some(cents(500));
    studio.happen(Event::Spent(totals())).draw();
    assert!(studio.screen().contains("~$0.42 of $5.00 today"), "{}", studio.screen());
}

#[test]
fn the_totals_of_a_day_that_is_over_are_summed_up_anew() {
    let mut studio = Studio::with(vec![]);
    studio.happen(Event::Spent(totals()));
    studio.taken();
    assert_eq!(studio.wait(3_599_000).taken(), []);
    assert_eq!(studio.wait(1_000).taken(), [Effect::SumUp]);
    assert_eq!(studio.wait(1_000).taken(), []);
}

#[test]
fn the_question_fits_every_terminal() {
    for (columns, lines) in [(80, 24), (40, 12)] {
        let mut studio = Studio::sized(vec![], columns, lines);
        studio.keys("a fox<F5>");
        asked(&mut studio);
        assert_snapshot!(format!("asking-{columns}x{lines}"), studio.screen());
    }
}
