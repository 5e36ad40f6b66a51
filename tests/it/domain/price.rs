//! What requests cost, and what may be spent.

use pentimento::config::Settings;
use pentimento::domain::{
    Bill, Budget, Consent, Cost, Per, Price, Rate, Request, Spent, Sum, Verdict, parse_extra,
    parse_size,
};
use proptest::prelude::*;

fn request(model: &str, size: &str, extra: &[&str]) -> Request {
    let mut request = Request::new("a fox", model.parse().expect("a model"));
    if !size.is_empty() {
        (request.width, request.height) = parse_size(size).expect("a size");
    }
    request.extra = extra.iter().map(|pair| parse_extra(pair).expect("a field")).collect();
    request
}

#[test]
fn the_catalogue_knows_what_its_sources_do_and_no_more() {
    let models = Settings::default().models;
    let table: [(&str, &str, &[&str], Option<&str>); 12] = [
        ("google:gemini-3.1-flash-image", "", &[], Some("$0.067")),
        ("google:gemini-3.1-flash-image", "1536x1536", &[], Some("$0.101")),
        ("google:gemini-3.1-flash-image", "4096x4096", &[], Some("$0.151")),
        ("google:gemini-3.1-flash-image", "4097x4096", &[], None),
        ("google:gemini-3.1-flash-image", "", &["size=2048x2048"], Some("$0.101")),
        ("google:gemini-3.1-flash-image", "", &["imageSize=4K"], None),
        ("google:gemini-3-pro-image", "2048x2048", &[], Some("$0.134")),
        ("openai:gpt-image-2.5-flare", "1024x1024", &["quality=max"], Some("$0.21072")),
        ("openai:gpt-image-2.5-flare", "1024x1024", &[], None),
        ("openai:gpt-image-1", "", &["quality=medium"], Some("$0.042")),
        ("together:black-forest-labs/FLUX.2-pro", "", &[], None),
        ("demo:painter", "9000x9000", &["imageSize=4K"], Some("free")),
    ];
    for (model, size, extra, price) in table {
        let asked = request(model, size, extra);
        let estimate = models.estimate(&asked).map(|cost| cost.to_string());
        assert_eq!(estimate.as_deref(), price, "{model} {size} {extra:?}");
    }
    let mut based = request("openai:gpt-image-1", "", &["quality=low"]);
    based.image = Some("/a.png".to_owned().into());
    assert_eq!(models.estimate(&based), None, "a base image is billed besides");
}

#[test]
fn several_requests_are_estimated_together() {
    let models = Settings::default().models;
    let nano = Request { n: Some(3), ..request("google:gemini-3-pro-image", "", &[]) };
    let batch = [nano, request("demo:painter", "", &[]), request("acme:brush", "", &[])];
    let sum = models.estimate_all(&batch);
    assert_eq!(sum.to_string(), "about $0.402 and 1 of unknown price");
    assert_eq!(models.estimate_all(&batch[1..2]).to_string(), "free");
    assert_eq!(models.estimate_all(&batch[2..]).to_string(), "price unknown");
}

#[test]
fn steps_and_pixels_count_where_a_rate_is_for_them_and_only_where_they_are_known() {
    let rate = |per| Price {
        rates: vec![Rate {
            cost: Cost::from_micros(100),
            per,
            most_pixels: None,
            when: Vec::new(),
            with_image: true,
        }],
    };
    let mut asked = request("acme:brush", "1000x500", &[]);
    let micros = |per, asked: &Request| rate(per).of(asked).map(Cost::micros);
    assert_eq!(micros(Per::Image, &asked), Some(100));
    assert_eq!(micros(Per::Megapixel, &asked), Some(50));
    assert_eq!(micros(Per::Step, &asked), None);
    asked.steps = Some(7);
    asked.n = Some(2);
    assert_eq!(micros(Per::Step, &asked), Some(1400));
    assert_eq!(micros(Per::MegapixelStep, &asked), Some(700));
    (asked.width, asked.height) = (None, None);
    assert_eq!(micros(Per::MegapixelStep, &asked), None);
}

fn estimate(micros: u64, unknown: u64) -> Sum {
    Sum { settled: Cost::FREE, estimated: Cost::from_micros(micros), unknown }
}

fn words(verdict: Verdict) -> String {
    match verdict {
        Verdict::Fits => "fits".to_owned(),
        Verdict::Asks(bill) => format!("asks: {}", bill.words()),
        Verdict::Refused(bill) => format!("refused: {}", Bill::words(&bill)),
    }
}

#[test]
fn a_budget_asks_and_then_refuses_and_says_why() {
    let usd = |usd| Cost::from_usd(usd);
    let none = Budget::default();
    let budget = Budget {
        ask_above: usd(0.5),
        ask_at: 80,
        per_batch: usd(2.0),
        per_day: usd(5.0),
        per_month: usd(6.0),
    };
    let spent = |day: u64, month: u64| Spent { day: estimate(day, 0), month: estimate(month, 0) };
    let table = [
        (none, estimate(900_000_000, 7), spent(0, 0), "fits"),
        (budget, estimate(500_000, 0), spent(0, 0), "fits"),
        (budget, estimate(0, 0), spent(9_000_000, 9_000_000), "fits"),
        (
            budget,
            estimate(500_001, 0),
            spent(0, 0),
            "asks: It costs about $0.500001; you are asked above $0.50.",
        ),
        (
            budget,
            estimate(0, 1),
            spent(0, 0),
            "asks: Its price is not known, and there is a budget.",
        ),
        (
            budget,
            estimate(100_000, 2),
            spent(0, 0),
            "asks: It costs about $0.10 and 2 of unknown price, and there is a budget.",
        ),
        (
            budget,
            estimate(400_000, 0),
            spent(3_700_000, 3_700_000),
            "asks: It costs about $0.40 after about $3.70 today; the limit is $5.00 a day.",
        ),
        (
            budget,
            estimate(2_000_001, 0),
            spent(0, 0),
            "refused: It costs about $2.000001; the limit of $2.00 for a batch leaves no room.",
        ),
        (
            budget,
            estimate(400_000, 0),
            spent(4_700_000, 4_700_000),
            "refused: It costs about $0.40 after about $4.70 today; the limit of $5.00 a day leaves no room.",
        ),
        (
            budget,
            estimate(400_000, 0),
            spent(0, 5_700_000),
            "refused: It costs about $0.40 after about $5.70 this month; the limit of $6.00 a month leaves no room.",
        ),
        (
            budget,
            estimate(0, 1),
            spent(5_000_000, 5_000_000),
            "refused: Its price is not known after about $5.00 today; the limit of $5.00 a day leaves no room.",
        ),
    ];
    for (budget, batch, spent, said) in table {
        assert_eq!(words(budget.judge(batch, spent, Consent::Open)), said);
        let agreed = words(budget.judge(batch, spent, Consent::Given));
        assert_eq!(agreed.starts_with("refused"), said.starts_with("refused"), "{said}");
        assert!(!agreed.starts_with("asks"), "{said}");
    }
}

proptest! {
    #[test]
    fn sums_add_up_in_any_order_and_never_lose_a_millionth(
        amounts in prop::collection::vec(prop::option::of(0..1_000_000_000_000_u64), 0..50),
    ) {
        let costs = || amounts.iter().map(|amount| amount.map(Cost::from_micros));
        let sum: Sum = costs().collect();
        let backwards: Sum = costs().rev().collect();
        prop_assert_eq!(sum, backwards);
        prop_assert_eq!(sum.times(3), sum.plus(&sum).plus(&sum));
        prop_assert_eq!(sum.cost().micros(), amounts.iter().flatten().sum::<u64>());
        prop_assert_eq!(sum.unknown, amounts.iter().filter(|amount| amount.is_none()).count() as u64);
    }

    #[test]
    fn money_survives_being_written_as_dollars(micros in 0..1_000_000_000_000_u64) {
        let cost = Cost::from_micros(micros);
        prop_assert_eq!(Cost::from_usd(cost.usd()), Some(cost));
        let written = serde_json::to_string(&cost).unwrap();
        prop_assert_eq!(serde_json::from_str::<Cost>(&written).unwrap(), cost);
        prop_assert_eq!(cost.to_string() == "free", micros == 0);
    }

    #[test]
    fn more_pictures_never_cost_less(n in 1..64_u32, side in 1..5000_u32) {
        let models = Settings::default().models;
        let asked = |n| Request {
            n: Some(n),
            ..request("google:gemini-3.1-flash-image", &format!("{side}x{side}"), &[])
        };
        let (one, all) = (models.estimate(&asked(1)), models.estimate(&asked(n)));
        prop_assert_eq!(all, one.map(|one| one.times(n.into())));
        prop_assert!(one.is_some() || side > 4096);
    }
}
