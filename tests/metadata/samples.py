#!/usr/bin/env python3
"""Makes the pictures in tests/it/fixtures/metadata: one for each way in which a program
keeps its request inside a picture, written by Pillow and piexif as those programs do.

    pip install pillow piexif
    tests/metadata/samples.py
"""

import json
import pathlib

import piexif
import piexif.helper
from PIL import Image
from PIL.PngImagePlugin import PngInfo

HERE = pathlib.Path(__file__).resolve().parent.parent / "it/fixtures/metadata"

PROMPT = "a red fox in snow, (detailed fur:1.2)\nsoft light, \u201cquiet\u201d"
NEGATIVE = "blurry, watermark\nextra legs"
SETTINGS = (
    "Steps: 20, Sampler: Euler a, Schedule type: Karras, CFG scale: 7, Seed: 965400086, "
    "Size: 512x768, Model hash: 45dee52b, Model: dreamshaper_8, Denoising strength: 0.4, "
    'Lora hashes: "add_detail: 7c6bad76eb54, fur: 1a2b3c", Version: v1.10.1'
)
A1111 = f"{PROMPT}\nNegative prompt: {NEGATIVE}\n{SETTINGS}"
PLAIN = f"a red fox\nNegative prompt: blurry\n{SETTINGS}"


def picture(size=(12, 18)):
    image = Image.new("RGB", size)
    image.putdata([(x * 20 % 256, y * 14 % 256, 128) for y in range(size[1]) for x in range(size[0])])
    return image


def png(name, **texts):
    info = PngInfo()
    for keyword, text in texts.items():
        info.add_text(keyword, text)
    save_png(name, info)


def save_png(name, info):
    picture().save(HERE / name, pnginfo=info)


def user_comment(text):
    return piexif.dump(
        {"Exif": {piexif.ExifIFD.UserComment: piexif.helper.UserComment.dump(text, encoding="unicode")}}
    )


def a1111():
    png("a1111.png", parameters=PLAIN)
    png("a1111-unicode.png", parameters=A1111)
    for ending in ("jpg", "webp"):
        file = HERE / f"a1111.{ending}"
        picture().save(file, quality=80)
        piexif.insert(user_comment(A1111), str(file))
    picture().save(HERE / "beside.png")
    (HERE / "beside.txt").write_text(A1111 + "\n", encoding="utf8")
    # Krita AI Diffusion writes iTXt whatever is in it, stable-diffusion.cpp UTF-8 in tEXt.
    info = PngInfo()
    info.add_itxt("parameters", PLAIN)
    save_png("krita.png", info)
    info = PngInfo()
    info.add(b"tEXt", b"parameters\0" + A1111.encode())
    save_png("sdcpp.png", info)
    info = PngInfo()
    info.add_text("parameters", A1111, zip=True)
    save_png("packed.png", info)
    info = PngInfo()
    info.add_text("parameters", PLAIN, zip=True)
    save_png("packed-latin.png", info)


def invokeai():
    png(
        "invokeai.png",
        invokeai_metadata=json.dumps(
            {
                "generation_mode": "sdxl_txt2img",
                "positive_prompt": PROMPT,
                "negative_prompt": NEGATIVE,
                "width": 832,
                "height": 1216,
                "seed": 3735928559,
                "rand_device": "cpu",
                "cfg_scale": 5.5,
                "cfg_rescale_multiplier": 0.0,
                "steps": 30,
                "scheduler": "dpmpp_2m_sde_k",
                "model": {
                    "key": "c0ffee00-1111-2222-3333-444455556666",
                    "hash": "blake3:b1a4",
                    "name": "Juggernaut XL v9",
                    "base": "sdxl",
                    "type": "main",
                },
                "loras": [],
                "app_version": "5.6.0",
            }
        ),
        invokeai_workflow='{"name":"","nodes":[]}',
        invokeai_graph='{"nodes":{}}',
    )
    sd_metadata = {
        "model": "stable diffusion",
        "model_weights": "stable-diffusion-1.5",
        "model_hash": "cc6cb27103417325ff94f52b7a5d2dde45a7515b25c255d8e396c90014281516",
        "app_id": "invoke-ai/InvokeAI",
        "app_version": "2.3.5",
        "image": {
            "prompt": [{"prompt": "a red fox [blurry]", "weight": 1.0}],
            "steps": 50,
            "cfg_scale": 7.5,
            "height": 640,
            "width": 512,
            "seed": 42,
            "type": "txt2img",
            "sampler": "k_lms",
            "variations": [],
        },
    }
    png("invokeai-old.png", **{"sd-metadata": json.dumps(sd_metadata)})


GRAPH = {
    "3": {
        "class_type": "KSampler",
        "inputs": {
            "seed": 156680208700286,
            "steps": 24,
            "cfg": 8.0,
            "sampler_name": "dpmpp_2m",
            "scheduler": "karras",
            "denoise": 1.0,
            "model": ["10", 0],
            "positive": ["11", 0],
            "negative": ["11", 1],
            "latent_image": ["5", 0],
        },
        "is_changed": [float("nan")],
    },
    "4": {"class_type": "CheckpointLoaderSimple", "inputs": {"ckpt_name": "dreamshaper_8.safetensors"}},
    "5": {"class_type": "EmptyLatentImage", "inputs": {"width": 512, "height": 768, "batch_size": 1}},
    "6": {"class_type": "CLIPTextEncode", "inputs": {"text": PROMPT, "clip": ["10", 1]}},
    "7": {"class_type": "CLIPTextEncode", "inputs": {"text": ["12", 0], "clip": ["10", 1]}},
    "8": {"class_type": "VAEDecode", "inputs": {"samples": ["3", 0], "vae": ["4", 2]}},
    "9": {"class_type": "SaveImage", "inputs": {"filename_prefix": "ComfyUI", "images": ["8", 0]}},
    "10": {
        "class_type": "LoraLoader",
        "inputs": {"lora_name": "fur.safetensors", "strength_model": 0.8, "model": ["4", 0], "clip": ["4", 1]},
    },
    "11": {
        "class_type": "ControlNetApplyAdvanced",
        "inputs": {"strength": 0.7, "positive": ["6", 0], "negative": ["7", 0], "image": ["13", 0]},
    },
    "12": {"class_type": "PrimitiveString", "inputs": {"value": NEGATIVE}},
    "13": {"class_type": "LoadImage", "inputs": {"image": "pose.png"}},
}

FLUX = {
    "5": {"class_type": "EmptySD3LatentImage", "inputs": {"width": 1024, "height": 576, "batch_size": 1}},
    "6": {"class_type": "CLIPTextEncode", "inputs": {"text": PROMPT, "clip": ["11", 0]}},
    "8": {"class_type": "VAEDecode", "inputs": {"samples": ["13", 0], "vae": ["10", 0]}},
    "9": {"class_type": "SaveImage", "inputs": {"filename_prefix": "flux", "images": ["8", 0]}},
    "11": {
        "class_type": "DualCLIPLoader",
        "inputs": {"clip_name1": "t5xxl_fp16.safetensors", "clip_name2": "clip_l.safetensors", "type": "flux"},
    },
    "12": {"class_type": "UNETLoader", "inputs": {"unet_name": "flux1-dev.safetensors", "weight_dtype": "default"}},
    "13": {
        "class_type": "SamplerCustomAdvanced",
        "inputs": {
            "noise": ["25", 0],
            "guider": ["22", 0],
            "sampler": ["16", 0],
            "sigmas": ["17", 0],
            "latent_image": ["5", 0],
        },
    },
    "16": {"class_type": "KSamplerSelect", "inputs": {"sampler_name": "euler"}},
    "17": {
        "class_type": "BasicScheduler",
        "inputs": {"scheduler": "simple", "steps": 28, "denoise": 1.0, "model": ["12", 0]},
    },
    "22": {"class_type": "BasicGuider", "inputs": {"model": ["12", 0], "conditioning": ["26", 0]}},
    "25": {"class_type": "RandomNoise", "inputs": {"noise_seed": 219670278747233}},
    "26": {"class_type": "FluxGuidance", "inputs": {"guidance": 3.5, "conditioning": ["6", 0]}},
}


def comfyui():
    workflow = json.dumps({"last_node_id": 13, "nodes": [], "links": [], "version": 0.4})
    png("comfyui.png", prompt=json.dumps(GRAPH), workflow=workflow)
    png("comfyui-flux.png", prompt=json.dumps(FLUX), workflow=workflow)
    image = picture()
    exif = image.getexif()
    exif[0x0110] = "prompt:" + json.dumps(GRAPH)
    exif[0x010F] = "workflow:" + workflow
    image.save(HERE / "comfyui.webp", exif=exif, lossless=True)


SWARM = json.dumps(
    {
        "sui_image_params": {
            "prompt": PROMPT,
            "negativeprompt": NEGATIVE,
            "model": "OfficialStableDiffusion/sd_xl_base_1.0",
            "seed": 1,
            "steps": "20",
            "cfgscale": 7.0,
            "aspectratio": "1:1",
            "width": 1024,
            "height": 1024,
            "automaticvae": True,
            "swarm_version": "0.9.3.1",
        },
        "sui_extra_data": {
            "date": "2024-11-13",
            "original_prompt": "a <random:red,grey> fox in snow",
            "generation_time": "6.11 (prep) and 4.84 (gen) seconds",
        },
    },
    indent=2,
    ensure_ascii=False,
)


def swarmui():
    info = PngInfo()
    info.add_itxt("parameters", SWARM, lang="", tkey="")
    save_png("swarmui.png", info)
    image = picture()
    exif = image.getexif()
    # ImageSharp writes little-endian files, and the text in the order of the file.
    exif.endian = "<"
    exif.get_ifd(0x8769)[0x9286] = b"UNICODE\0" + SWARM.encode("utf-16-le")
    image.save(HERE / "swarmui.jpg", exif=exif, quality=80)
    exif = Image.Exif()
    exif[0x0110] = SWARM.replace("\u201c", "'").replace("\u201d", "'")
    image.save(HERE / "swarmui-old.jpg", exif=exif, quality=80)


FOOOCUS = json.dumps(
    dict(
        sorted(
            {
                "adm_guidance": "(1.5, 0.8, 0.3)",
                "base_model": "juggernautXL_v8Rundiffusion",
                "base_model_hash": "aeb7e9e689",
                "clip_skip": 2,
                "full_negative_prompt": [NEGATIVE, "anime, cartoon"],
                "full_prompt": ["cinematic still " + PROMPT, "a red fox, highly detailed"],
                "guidance_scale": 4,
                "lora_combined_1": "sd_xl_offset_example-lora_1.0 : 0.1",
                "loras": [["sd_xl_offset_example-lora_1.0", 0.1, "4852686128"]],
                "metadata_scheme": "fooocus",
                "negative_prompt": NEGATIVE,
                "performance": "Speed",
                "prompt": PROMPT,
                "resolution": "(896, 1152)",
                "sampler": "dpmpp_2m_sde_gpu",
                "scheduler": "karras",
                "seed": "127589946317439009",
                "sharpness": 2,
                "steps": 30,
                "styles": "['Fooocus V2', 'Fooocus Enhance']",
                "vae": "Default (model)",
                "version": "Fooocus v2.5.5",
            }.items()
        )
    )
)
FOOOCUS_A1111 = (
    "cinematic still a red fox, a red fox highly detailed\n"
    "Negative prompt: blurry, anime, cartoon\n"
    "Steps: 30, Sampler: DPM++ 2M SDE Karras, Seed: 127589946317439009, Size: 896x1152, "
    'CFG scale: 4, Sharpness: 2, ADM Guidance: "(1.5, 0.8, 0.3)", '
    "Model: juggernautXL_v8Rundiffusion, Model hash: aeb7e9e689, Performance: Speed, "
    'Scheduler: karras, VAE: Default (model), Raw prompt: "a red fox\\nin snow", '
    'Raw negative prompt: blurry, Lora hashes: "sd_xl_offset_example-lora_1.0: 4852686128", '
    "Version: Fooocus v2.5.5"
)


def fooocus():
    png("fooocus.png", parameters=FOOOCUS, fooocus_scheme="fooocus")
    png("fooocus-a1111.png", parameters=FOOOCUS_A1111, fooocus_scheme="a1111")
    for ending in ("jpg", "webp"):
        exif = Image.Exif()
        exif[0x9286] = FOOOCUS
        exif[0x0131] = "Fooocus v2.5.5"
        exif[0x927C] = "fooocus"
        picture().save(HERE / f"fooocus.{ending}", exif=exif, quality=80)


def others():
    """Pictures that say nothing, and what a camera says."""
    image = picture()
    image.save(HERE / "nothing.png")
    image.save(HERE / "nothing.webp", lossless=True)
    image.save(HERE / "progressive.jpg", progressive=True, quality=80, comment="made by hand")
    clear = image.convert("RGBA")
    clear.putalpha(120)
    clear.save(HERE / "clear.webp", lossless=True)
    exif = piexif.dump(
        {
            "0th": {
                piexif.ImageIFD.Make: "Nokia",
                piexif.ImageIFD.Model: "3310",
                piexif.ImageIFD.Orientation: 6,
            },
            "Exif": {
                piexif.ExifIFD.UserComment: piexif.helper.UserComment.dump("my garden"),
                piexif.ExifIFD.ExposureTime: (1, 125),
                piexif.ExifIFD.MakerNote: b"Nokia\0\x01\x02",
            },
            "GPS": {piexif.GPSIFD.GPSLatitudeRef: "N", piexif.GPSIFD.GPSLatitude: ((52, 1), (31, 1), (0, 1))},
        }
    )
    image.save(HERE / "camera.jpg", exif=exif, quality=80)


if __name__ == "__main__":
    HERE.mkdir(parents=True, exist_ok=True)
    for sample in (a1111, invokeai, comfyui, swarmui, fooocus, others):
        sample()
