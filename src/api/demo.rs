pub fn answer(
    r: &crate::domain::Request,
    _: Option<&[u8]>,
) -> Result<Vec<u8>, crate::domain::Failure> {
    use base64::Engine;
    let (w, h) = (r.width.unwrap_or(1024), r.height.unwrap_or(1024));
    let choices: Vec<_> = (0..r.count()).map(|i| {
        let img = image::RgbImage::from_fn(w,h,|x,y| image::Rgb([(x*255/w) as u8,(y*255/h) as u8,(i*80) as u8]));
        let mut v=Vec::new(); img.write_to(&mut std::io::Cursor::new(&mut v), image::ImageFormat::Png).unwrap();
        serde_json::json!({"index":i,"finish_reason":"stop","message":{"role":"assistant","content":"stub","images":[{"type":"image_url","index":0,"image_url":{"url":format!("data:image/png;base64,{}", base64::engine::general_purpose::STANDARD.encode(v))}}]}})
    }).collect();
    Ok(serde_json::json!({"id":"x","provider":"demo","model":"painter","choices":choices})
        .to_string()
        .into_bytes())
}
