//! What the files hold: the texts, the number of curves, where the marker stands, the size of the PNG.

use kindling_plot::{
    CurvesData, FileOptions, Layout, RunCurves, Theme, YScale, curves_png, curves_svg,
};

fn run(label: &str, emphasised: bool) -> RunCurves {
    let epochs = 1..=20;
    let curve = |f: &dyn Fn(f64) -> f64| {
        epochs
            .clone()
            .map(|e| (f64::from(e), f(f64::from(e))))
            .collect()
    };
    RunCurves {
        label: label.into(),
        train_loss: curve(&|e| 1.0 / e),
        test_loss: curve(&|e| 0.5 + (e - 6.0).abs() / 40.0),
        train_acc: curve(&|e| 1.0 - 0.4 / e),
        test_acc: curve(&|e| 0.86 - 0.3 / e),
        step_loss: vec![],
        emphasised,
        turned_up: emphasised.then_some(6),
        hue: usize::from(!emphasised),
    }
}

fn data(runs: Vec<RunCurves>) -> CurvesData {
    CurvesData {
        runs,
        epochs: 20,
        stand_in: None,
    }
}

fn small() -> FileOptions {
    FileOptions {
        width: 900,
        height: 380,
        scale: 1.0,
        ..FileOptions::default()
    }
}

/// Curves of the run in hand: whole lines of many points; a dash has two or three.
fn solid_curves(svg: &str) -> usize {
    svg.lines()
        .filter(|line| line.starts_with("<polyline") && line.matches(',').count() > 10)
        .count()
}

#[test]
fn svg_says_what_it_shows() {
    let svg = curves_svg(
        &data(vec![run("Baseline", true)]),
        "Fashion-MNIST",
        &small(),
    )
    .unwrap();
    for text in [
        "Fashion-MNIST",
        "Loss",
        "Accuracy",
        "train",
        "test",
        "epoch",
        "100 %",
    ] {
        assert!(svg.contains(&format!("\n{text}\n")), "no text {text:?}");
    }
    assert!(svg.contains("test loss turned up · epoch 6"));
    // Train and test, in two charts.
    assert_eq!(solid_curves(&svg), 4);
    assert_eq!(svg.matches("<polygon").count(), 2, "a shaded gap a chart");
}

#[test]
fn comparison_runs_are_named_and_dashed() {
    let svg = curves_svg(
        &data(vec![run("Baseline", true), run("dropout 0.3", false)]),
        "Comparison",
        &small(),
    )
    .unwrap();
    assert!(svg.contains("\ndropout 0.3\n") && svg.contains("\nBaseline\n"));
    assert_eq!(solid_curves(&svg), 4, "only the run in hand is solid");
    assert_eq!(svg.matches("turned up").count(), 1);
}

#[test]
fn the_marker_stands_at_its_epoch() {
    use kindling_plot::{ChartKind, ChartOptions, draw_curves};
    use plotters::prelude::{IntoDrawingArea, SVGBackend};
    let mut svg = String::new();
    let frame = {
        let root = SVGBackend::with_string(&mut svg, (600, 300)).into_drawing_area();
        let options = ChartOptions {
            kind: ChartKind::Loss,
            scale: 1.0,
            spread: YScale::Linear,
            font: "sans-serif",
        };
        draw_curves(
            &root,
            &data(vec![run("Baseline", true)]),
            &Theme::LIGHT,
            &options,
        )
        .unwrap()
    };
    let x = frame.x.pixel(6.0).round();
    assert_eq!(frame.epoch_at(x), 6);
    let marker = format!("points=\"{x},");
    assert!(
        svg.lines()
            .any(|l| l.contains("#A16207") && l.contains(&marker)),
        "no line of the marker's colour at x = {x}"
    );
    // 1 at the top quarter: the axis starts at 0 and ends a little above the largest loss, 1.
    assert_eq!(frame.y.from, 0.0);
    assert!(frame.y.to > 1.0 && frame.y.to < 1.2);
}

#[test]
fn png_decodes_to_the_asked_size_and_is_not_blank() {
    for layout in [Layout::SideBySide, Layout::Stacked] {
        let options = FileOptions {
            width: 640,
            height: 700,
            scale: 1.0,
            layout,
            ..FileOptions::default()
        };
        let bytes = curves_png(
            &data(vec![run("Baseline", true)]),
            "Fashion-MNIST",
            &options,
        )
        .unwrap();
        let picture = image::load_from_memory(&bytes).unwrap().to_rgb8();
        assert_eq!(picture.dimensions(), (640, 700));
        let inked = picture.pixels().filter(|p| p.0 != [255, 255, 255]).count();
        assert!(inked > 5_000, "{inked} pixels are drawn");
        // The title's text, in ink, lies in the first 34 rows.
        let written = picture
            .enumerate_pixels()
            .filter(|(_, y, p)| *y < 34 && p.0[0] < 120)
            .count();
        assert!(written > 60, "{written} dark pixels of text");
    }
}

#[test]
fn nothing_one_point_and_no_numbers_are_drawn_without_complaint() {
    let point = RunCurves {
        train_loss: vec![(1.0, 0.7)],
        test_loss: vec![(1.0, 0.7)],
        emphasised: true,
        ..RunCurves::default()
    };
    let broken = RunCurves {
        train_loss: vec![(1.0, f64::NAN), (2.0, f64::INFINITY)],
        test_loss: vec![(1.0, f64::NAN), (2.0, 1.0)],
        step_loss: vec![(0.1, f64::NAN)],
        emphasised: true,
        turned_up: Some(900),
        ..RunCurves::default()
    };
    let zero = RunCurves {
        train_loss: vec![(1.0, 0.0), (2.0, 0.0)],
        ..point.clone()
    };
    for runs in [
        vec![],
        vec![RunCurves::default()],
        vec![point],
        vec![broken],
        vec![zero],
    ] {
        for spread in [YScale::Linear, YScale::Log] {
            let all = CurvesData {
                runs: runs.clone(),
                epochs: 0,
                stand_in: Some("stand-in data".into()),
            };
            let options = FileOptions { spread, ..small() };
            let svg = curves_svg(&all, "Odd", &options).unwrap();
            assert!(!svg.contains("NaN") && !svg.contains("inf"));
            assert!(svg.contains("stand-in data"));
            curves_png(&all, "Odd", &options).unwrap();
        }
    }
}

#[test]
fn a_log_axis_spans_the_losses() {
    let options = FileOptions {
        spread: YScale::Log,
        ..small()
    };
    let svg = curves_svg(&data(vec![run("Baseline", true)]), "Log", &options).unwrap();
    assert!(svg.contains("\n0.1\n") && svg.contains("\n1\n"));
}

#[test]
fn a_picture_without_room_is_refused_in_a_sentence() {
    let options = FileOptions {
        width: 60,
        height: 60,
        scale: 1.0,
        ..FileOptions::default()
    };
    let error = curves_svg(&data(vec![]), "Tiny", &options).unwrap_err();
    assert!(error.to_string().contains("has no room for its axes"));
}
