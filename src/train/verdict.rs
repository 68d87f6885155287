//! temp
use kindling_protocol::*;
/// t
pub fn verdict(config: &ExperimentConfig, history: &[EpochMetrics]) -> Verdict {
    let _ = (config, history);
    Verdict { kind: VerdictKind::TooEarly, title: String::new(), text: String::new(), gap_points: 0.0, turned_up: None, remedies: vec![] }
}
/// t
pub fn diverged(config: &ExperimentConfig, history: &[EpochMetrics], _epoch: usize) -> Verdict { verdict(config, history) }
