//! Samples of each convention, read back field by field.

use pentimento::metadata::{Program, Told, read, read_beside};
use serde_json::{Value, json};

use super::{NEGATIVE, PROMPT, pictures, sample};

fn told(name: &str) -> Told {
    read(&sample(name)).unwrap_or_else(|| panic!("{name} says nothing"))
}

/// Program, prompt, what is not wanted, size, steps and model.
type Fields = (Program, String, Option<String>, (Option<u32>, Option<u32>), Option<u32>, String);

fn fields(told: &Told) -> Fields {
    let Told { program, prompt, negative, width, height, steps, model, .. } = told.clone();
    (program, prompt, negative, (width, height), steps, model.unwrap_or_default())
}

fn expected(
    program: Program,
    texts: (&str, Option<&str>),
    size: (u32, u32),
    steps: u32,
    model: &str,
) -> Fields {
    let size = (Some(size.0), Some(size.1));
    let (prompt, negative) = (texts.0.to_owned(), texts.1.map(str::to_owned));
    (program, prompt, negative, size, Some(steps), model.to_owned())
}

/// These settings, of those that were read.
fn settings(told: &Told, names: &[&str]) -> Value {
    let of = |name: &&str| ((*name).to_owned(), told.settings.get(*name).cloned().into());
    Value::Object(names.iter().map(of).collect())
}

const SHORT: (&str, Option<&str>) = ("a red fox", Some("blurry"));
const LONG: (&str, Option<&str>) = (PROMPT, Some(NEGATIVE));

#[test]
fn the_layout_of_automatic1111_is_read_from_every_kind_of_file_that_holds_it() {
    for (name, texts) in [
        ("a1111.png", SHORT),
        ("krita.png", SHORT),
        ("packed-latin.png", SHORT),
        ("a1111-unicode.png", LONG),
        ("packed.png", LONG),
        ("sdcpp.png", LONG),
        ("a1111.jpg", LONG),
        ("a1111.webp", LONG),
    ] {
        let told = told(name);
        let whole = expected(Program::Automatic1111, texts, (512, 768), 20, "dreamshaper_8");
        assert_eq!(fields(&told), whole, "{name}");
        assert_eq!(
            Value::Object(told.settings),
            json!({
                "sampler": "Euler a",
                "schedule_type": "Karras",
                "cfg_scale": 7,
                "seed": 965_400_086,
                "model_hash": "45dee52b",
                "denoising_strength": 0.4,
                "lora_hashes": "add_detail: 7c6bad76eb54, fur: 1a2b3c",
                "version": "v1.10.1",
            }),
            "{name}"
        );
    }
}

#[test]
fn a_text_file_beside_a_picture_is_read_where_it_has_settings() {
    let text = String::from_utf8(sample("beside.txt")).expect("text");
    let told = read_beside(&text).expect("it has settings");
    let whole = expected(Program::Automatic1111, LONG, (512, 768), 20, "dreamshaper_8");
    assert_eq!(fields(&told), whole);
    assert_eq!(read(&sample("beside.png")), None);
    for other in ["", "a red fox", "Dear diary: today, I saw a fox.\nIt was: red, and quick"] {
        assert_eq!(read_beside(other), None, "{other}");
    }
}

#[test]
fn what_invokeai_wrote_is_read_of_this_version_and_of_old_ones() {
    let new = told("invokeai.png");
    let whole = expected(Program::InvokeAi, LONG, (832, 1216), 30, "Juggernaut XL v9");
    assert_eq!(fields(&new), whole);
    assert_eq!(
        settings(
            &new,
            &["seed", "cfg_scale", "scheduler", "generation_mode", "app_version", "loras"]
        ),
        json!({
            "seed": 3_735_928_559_u32,
            "cfg_scale": 5.5,
            "scheduler": "dpmpp_2m_sde_k",
            "generation_mode": "sdxl_txt2img",
            "app_version": "5.6.0",
            "loras": null,
        })
    );
    let old = told("invokeai-old.png");
    let whole = expected(Program::InvokeAi, SHORT, (512, 640), 50, "stable-diffusion-1.5");
    assert_eq!(fields(&old), whole);
    assert_eq!(
        settings(&old, &["seed", "cfg_scale", "sampler"]),
        json!({ "seed": 42, "cfg_scale": 7.5, "sampler": "k_lms" })
    );
}

#[test]
fn the_graph_of_comfyui_is_walked_to_texts_size_and_model() {
    for name in ["comfyui.png", "comfyui.webp"] {
        let told = told(name);
        let model = "dreamshaper_8.safetensors";
        assert_eq!(
            fields(&told),
            expected(Program::ComfyUi, LONG, (512, 768), 24, model),
            "{name}"
        );
        assert_eq!(
            Value::Object(told.settings),
            json!({
                "seed": 156_680_208_700_286_u64,
                "cfg_scale": 8.0,
                "sampler": "dpmpp_2m",
                "scheduler": "karras",
                "denoise": 1.0,
            }),
            "{name}"
        );
    }
    let told = told("comfyui-flux.png");
    let texts = (PROMPT, None);
    let whole = expected(Program::ComfyUi, texts, (1024, 576), 28, "flux1-dev.safetensors");
    assert_eq!(fields(&told), whole);
    assert_eq!(
        settings(&told, &["seed", "guidance", "sampler", "scheduler"]),
        json!({
            "seed": 219_670_278_747_233_u64,
            "guidance": 3.5,
            "sampler": "euler",
            "scheduler": "simple",
        })
    );
}

#[test]
fn what_swarmui_wrote_is_read_with_what_its_prompt_was_made_from() {
    for name in ["swarmui.png", "swarmui.jpg", "swarmui-old.jpg"] {
        let told = told(name);
        let prompt =
            if name == "swarmui-old.jpg" { &PROMPT.replace(['“', '”'], "'") } else { PROMPT };
        let model = "OfficialStableDiffusion/sd_xl_base_1.0";
        let texts = (prompt, Some(NEGATIVE));
        assert_eq!(
            fields(&told),
            expected(Program::SwarmUi, texts, (1024, 1024), 20, model),
            "{name}"
        );
        assert_eq!(
            Value::Object(told.settings),
            json!({
                "seed": 1,
                "cfgscale": 7.0,
                "aspectratio": "1:1",
                "automaticvae": true,
                "swarm_version": "0.9.3.1",
                "original_prompt": "a <random:red,grey> fox in snow",
            }),
            "{name}"
        );
    }
}

#[test]
fn both_schemes_of_fooocus_are_read_as_they_were_typed() {
    let model = "juggernautXL_v8Rundiffusion";
    for name in ["fooocus.png", "fooocus.jpg", "fooocus.webp"] {
        let told = told(name);
        assert_eq!(
            fields(&told),
            expected(Program::Fooocus, LONG, (896, 1152), 30, model),
            "{name}"
        );
        assert_eq!(
            settings(&told, &["seed", "guidance_scale", "performance", "version"]),
            json!({
                "seed": "127589946317439009",
                "guidance_scale": 4,
                "performance": "Speed",
                "version": "Fooocus v2.5.5",
            }),
            "{name}"
        );
    }
    let told = told("fooocus-a1111.png");
    let texts = ("a red fox\nin snow", Some("blurry"));
    assert_eq!(fields(&told), expected(Program::Fooocus, texts, (896, 1152), 30, model));
    assert_eq!(
        settings(&told, &["seed", "adm_guidance", "vae"]),
        json!({
            "seed": 127_589_946_317_439_009_u64,
            "adm_guidance": "(1.5, 0.8, 0.3)",
            "vae": "Default (model)",
        })
    );
}

#[test]
fn pictures_that_say_nothing_are_told_from_those_that_do() {
    let silent = [
        "beside.png",
        "camera.jpg",
        "clear.webp",
        "nothing.png",
        "nothing.webp",
        "progressive.jpg",
    ];
    for name in pictures() {
        assert_eq!(read(&sample(&name)).is_none(), silent.contains(&name.as_str()), "{name}");
    }
    for bytes in [&b""[..], b"\x89PNG\r\n\x1a\n", b"\xff\xd8\xff", b"GIF89a", b"RIFF\0\0\0\0WEBP"] {
        assert_eq!(read(bytes), None);
    }
}
