//! Thins a long curve to what a screen can show: the least and the largest value of every pixel column, so that no
//! spike is lost, in the order they came.

use crate::data::Point;

/// Keeps at most two points for each of `columns` columns between `from` and `to`; points that are not numbers are
/// dropped. Points must be ordered by epoch.
pub fn min_max_per_column(points: &[Point], from: f64, to: f64, columns: usize) -> Vec<Point> {
    let finite = points
        .iter()
        .copied()
        .filter(|(x, y)| x.is_finite() && y.is_finite() && (from..=to).contains(x));
    if columns == 0 || to <= from {
        return Vec::new();
    }
    if points.len() <= columns * 2 {
        return finite.collect();
    }
    let column_of = |x: f64| (((x - from) / (to - from)) * columns as f64) as usize;
    let mut thinned: Vec<Point> = Vec::with_capacity(columns * 2);
    let mut open: Option<(usize, Point, Point)> = None;
    let close = |(_, low, high): (usize, Point, Point), out: &mut Vec<Point>| {
        if low == high {
            out.push(low);
        } else if low.0 <= high.0 {
            out.extend([low, high]);
        } else {
            out.extend([high, low]);
        }
    };
    for point in finite {
        let column = column_of(point.0).min(columns - 1);
        open = Some(match open {
            Some((at, low, high)) if at == column => (
                at,
                if point.1 < low.1 { point } else { low },
                if point.1 > high.1 { point } else { high },
            ),
            earlier => {
                if let Some(done) = earlier {
                    close(done, &mut thinned);
                }
                (column, point, point)
            }
        });
    }
    if let Some(done) = open {
        close(done, &mut thinned);
    }
    thinned
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_spike_survives_and_the_count_is_bounded() {
        let mut points: Vec<Point> = (0..10_000).map(|i| (f64::from(i), 1.0)).collect();
        points[7_321].1 = 9.0;
        points[7_322].1 = -3.0;
        let thinned = min_max_per_column(&points, 0.0, 9_999.0, 100);
        assert!(thinned.len() <= 200);
        assert!(thinned.contains(&(7_321.0, 9.0)));
        assert!(thinned.contains(&(7_322.0, -3.0)));
        assert!(thinned.windows(2).all(|pair| pair[0].0 <= pair[1].0));
    }

    #[test]
    fn short_curves_stay_whole_and_what_is_no_number_goes() {
        let points = [
            (1.0, 2.0),
            (2.0, f64::NAN),
            (3.0, f64::INFINITY),
            (4.0, 1.0),
        ];
        assert_eq!(
            min_max_per_column(&points, 0.0, 5.0, 50),
            [(1.0, 2.0), (4.0, 1.0)]
        );
        assert!(min_max_per_column(&points, 5.0, 5.0, 50).is_empty());
    }
}
