//! A generated stand-in for Fashion-MNIST: ten kinds of drawn garments with jitter and noise.
//!
//! It lets the page and the tests run where the real files are not. It is not the data set, its numbers say
//! nothing about the real one, and it is labelled as a stand-in wherever it shows.

use super::idx::{CLASSES, PIXELS, SIDE};
use super::{DataError, DataSet, Images};
use crate::random::Generator;
use kindling_protocol::DataSource;

/// Seed of the pictures; one seed, so that every machine has the same stand-in.
const SEED: u64 = 2_017;

/// The stand-in's first `rows` rows. `why` says to the user why it is not the real data.
///
/// # Errors
/// Never in practice: there are as many labels as pictures.
pub fn data_set(rows: usize, why: &str) -> Result<DataSet, DataError> {
    Ok(DataSet {
        images: images(rows, SEED)?,
        source: DataSource::StandIn,
        note: Some(format!(
            "These are generated pictures standing in for Fashion-MNIST: {why}"
        )),
    })
}

/// `rows` pictures of a seed. Fewer rows are the first of more.
///
/// # Errors
/// Never in practice, as [`data_set`].
pub fn images(rows: usize, seed: u64) -> Result<Images, DataError> {
    let mut generator = Generator::new(seed);
    let mut pixels = Vec::with_capacity(rows * PIXELS);
    let mut labels = Vec::with_capacity(rows);
    for _ in 0..rows {
        let label = (generator.random() % u32::from(CLASSES)) as u8;
        draw(label, &mut generator, &mut pixels);
        labels.push(label);
    }
    Images::new(pixels, labels)
}

/// A trapezoid that stands upright, in a square that reaches from -1 to 1 with y downward.
struct Part {
    /// Middle line.
    x: f32,
    top: f32,
    bottom: f32,
    /// Half the width at the top and at the bottom.
    half: (f32, f32),
    /// Brightness; 0 cuts out what lies below.
    shade: f32,
}

const fn part(x: f32, top: f32, bottom: f32, half: (f32, f32), shade: f32) -> Part {
    Part {
        x,
        top,
        bottom,
        half,
        shade,
    }
}

/// The parts of each class, in the order of the labels; later ones lie over earlier ones.
static GARMENTS: [&[Part]; CLASSES as usize] = [
    // T-shirt/top
    &[
        part(0.0, -0.7, -0.2, (0.7, 0.85), 0.8),
        part(0.0, -0.7, 0.75, (0.45, 0.42), 0.9),
        part(0.0, -0.75, -0.55, (0.22, 0.1), 0.0),
    ],
    // Trouser
    &[
        part(0.0, -0.9, -0.4, (0.38, 0.42), 0.9),
        part(-0.24, -0.5, 0.9, (0.2, 0.15), 0.8),
        part(0.24, -0.5, 0.9, (0.2, 0.15), 0.8),
    ],
    // Pullover
    &[
        part(0.0, -0.7, 0.65, (0.6, 0.88), 0.7),
        part(-0.54, -0.1, 0.7, (0.06, 0.14), 0.0),
        part(0.54, -0.1, 0.7, (0.06, 0.14), 0.0),
        part(0.0, -0.7, 0.7, (0.45, 0.44), 0.8),
    ],
    // Dress
    &[
        part(0.0, -0.85, -0.15, (0.26, 0.18), 0.8),
        part(0.0, -0.15, 0.9, (0.18, 0.48), 0.9),
    ],
    // Coat
    &[
        part(0.0, -0.75, 0.6, (0.5, 0.85), 0.6),
        part(-0.52, 0.0, 0.7, (0.05, 0.1), 0.0),
        part(0.52, 0.0, 0.7, (0.05, 0.1), 0.0),
        part(0.0, -0.75, 0.88, (0.42, 0.5), 0.75),
        part(0.0, -0.6, 0.88, (0.05, 0.05), 0.25),
    ],
    // Sandal
    &[
        part(0.0, 0.35, 0.5, (0.85, 0.88), 0.7),
        part(-0.45, -0.2, 0.35, (0.08, 0.3), 0.6),
        part(-0.42, 0.05, 0.35, (0.02, 0.16), 0.0),
        part(0.45, 0.0, 0.35, (0.1, 0.3), 0.6),
    ],
    // Shirt
    &[
        part(0.0, -0.72, 0.35, (0.62, 0.86), 0.7),
        part(-0.54, -0.1, 0.4, (0.06, 0.12), 0.0),
        part(0.54, -0.1, 0.4, (0.06, 0.12), 0.0),
        part(0.0, -0.72, 0.78, (0.43, 0.42), 0.8),
        part(0.0, -0.6, 0.78, (0.03, 0.03), 0.45),
    ],
    // Sneaker
    &[
        part(-0.25, -0.15, 0.3, (0.4, 0.6), 0.8),
        part(0.1, 0.1, 0.35, (0.5, 0.85), 0.8),
        part(0.0, 0.35, 0.52, (0.88, 0.88), 0.5),
    ],
    // Bag
    &[
        part(0.0, -0.75, -0.2, (0.3, 0.5), 0.6),
        part(0.0, -0.6, -0.2, (0.2, 0.38), 0.0),
        part(0.0, -0.25, 0.75, (0.7, 0.8), 0.85),
    ],
    // Ankle boot
    &[
        part(-0.35, -0.8, 0.3, (0.32, 0.38), 0.8),
        part(0.0, 0.05, 0.55, (0.5, 0.85), 0.85),
        part(0.0, 0.55, 0.68, (0.85, 0.85), 0.4),
    ],
];

/// Draws one picture: moved, scaled, slanted, stripes at times, and grain over all of it.
fn draw(label: u8, generator: &mut Generator, pixels: &mut Vec<u8>) {
    let jitter = generator.rand(8);
    let within = |k: usize, low: f32, high: f32| low + (high - low) * jitter[k];
    let half = SIDE as f32 / 2.0;
    let (width, height) = (within(0, 9.5, 14.0), within(1, 10.5, 14.0));
    let (right, down) = (within(2, -2.5, 2.5), within(3, -2.0, 2.0));
    let slant = within(4, -0.18, 0.18);
    let light = within(5, 90.0, 240.0);
    let stripes = if jitter[6] < 0.3 { 0.45 } else { 0.0 };
    let pitch = 2 + (jitter[7] * 3.0) as usize;
    let grain = generator.rand(PIXELS);
    for (at, &noise) in grain.iter().enumerate() {
        let (row, column) = (at / SIDE, at % SIDE);
        let y = (row as f32 + 0.5 - half - down) / height;
        let x = (column as f32 + 0.5 - half - right) / width + slant * y;
        let mut shade = shade(label, x, y);
        if row / pitch % 2 == 0 {
            shade *= 1.0 - stripes;
        }
        // The grain is on the garment only: the data set's ground is black.
        let value = if shade > 0.0 {
            light * shade + 90.0 * (noise - 0.5)
        } else {
            0.0
        };
        // `as` keeps within 0 and 255.
        pixels.push(value as u8);
    }
}

/// Brightness of a garment at a point; 0 outside it.
fn shade(label: u8, x: f32, y: f32) -> f32 {
    let parts = GARMENTS.get(usize::from(label)).copied().unwrap_or(&[]);
    let covers = |p: &&Part| {
        let along = (y - p.top) / (p.bottom - p.top);
        let half = p.half.0 + (p.half.1 - p.half.0) * along;
        (0.0..=1.0).contains(&along) && (x - p.x).abs() <= half
    };
    parts.iter().rev().find(covers).map_or(0.0, |p| p.shade)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_class_is_there_and_fewer_rows_are_the_first_of_more() -> Result<(), DataError> {
        let many = images(1_000, 1)?;
        assert_eq!(images(10, 1)?, many.first(10)?);
        assert_ne!(images(10, 2)?, many.first(10)?);
        for class in 0..CLASSES {
            let rows = many.labels().iter().filter(|&&l| l == class).count();
            assert!((60..150).contains(&rows), "{rows} rows of class {class}");
        }
        let set = data_set(10, "no files here.")?;
        assert_eq!(set.source, DataSource::StandIn);
        assert!(
            set.note
                .is_some_and(|n| n.contains("standing in for Fashion-MNIST: no files"))
        );
        Ok(())
    }

    /// Learnable, but not by looking at mean pictures alone: neither a lookup table nor noise.
    #[test]
    fn the_nearest_mean_picture_is_often_but_not_always_right() -> Result<(), DataError> {
        let all = images(2_000, 1)?;
        let rows: Vec<u32> = (0..2_000).collect();
        let values = all.normalise(&rows)?;
        let (train, test) = values.split_at(1_500 * PIXELS);
        let mut means = vec![[0.0f32; PIXELS]; usize::from(CLASSES)];
        let mut counts = [0.0f32; CLASSES as usize];
        for (picture, &label) in train.chunks(PIXELS).zip(all.labels()) {
            counts[usize::from(label)] += 1.0;
            for (mean, value) in means[usize::from(label)].iter_mut().zip(picture) {
                *mean += value;
            }
        }
        for (mean, count) in means.iter_mut().zip(counts) {
            mean.iter_mut().for_each(|m| *m /= count);
        }
        let distance = |mean: &[f32; PIXELS], picture: &[f32]| -> f32 {
            mean.iter()
                .zip(picture)
                .map(|(m, v)| (m - v) * (m - v))
                .sum()
        };
        let right = test
            .chunks(PIXELS)
            .zip(&all.labels()[1_500..])
            .filter(|(picture, label)| {
                let nearest = (0..means.len()).min_by(|&a, &b| {
                    distance(&means[a], picture).total_cmp(&distance(&means[b], picture))
                });
                nearest == Some(usize::from(**label))
            })
            .count();
        assert!((250..450).contains(&right), "{right} of 500");
        Ok(())
    }
}
