//! What the focused run's network sees: test pictures, the confusion matrix, the first layer's weights, and what it
//! says of a picture the visitor drew. Asked for again now and then while it trains.

use crate::engine_link::{Answer, EngineLink};
use crate::model::brush::Drawing;
use crate::model::routing::Engine;
use kindling_protocol::{Command, Inspection, Picture, Reply, RunId};
use leptos::prelude::*;

/// Pictures shown at once.
pub const PICTURES: usize = 32;
/// Milliseconds between two looks while a run trains.
const BETWEEN_LOOKS_MS: f64 = 2_500.0;

/// The first layer's weights.
#[derive(Debug, Clone, PartialEq)]
pub struct Weights {
    /// A picture a unit.
    pub units: Vec<Vec<f32>>,
    /// The largest magnitude.
    pub scale: f32,
}

/// See the module.
#[derive(Clone, Copy)]
pub struct Insight {
    /// Test pictures and how many there are in all.
    pub gallery: RwSignal<Option<(Vec<Picture>, usize)>>,
    /// Only wrongly classified ones.
    pub mistakes_only: RwSignal<bool>,
    /// The first picture's place among them.
    pub start: RwSignal<usize>,
    /// The picture looked at closely: its row.
    pub chosen: RwSignal<Option<usize>>,
    /// `counts[true][predicted]`.
    pub confusion: RwSignal<Option<Vec<Vec<u32>>>>,
    /// The first layer.
    pub weights: RwSignal<Option<Weights>>,
    /// The visitor's picture.
    pub drawing: RwSignal<Drawing>,
    /// What the network says of it.
    pub prediction: RwSignal<Option<Vec<f32>>>,
    /// Why there is nothing to see, where there is a reason.
    pub reason: RwSignal<Option<String>>,
    home: StoredValue<Option<(Engine, RunId)>>,
    /// Questions that are not answered yet: while there are any, what is seen may be older than the weights.
    pub open_questions: RwSignal<u32>,
    predicting: StoredValue<bool>,
    predict_again: StoredValue<bool>,
    last_look_ms: StoredValue<f64>,
}

impl Insight {
    /// Nothing seen yet.
    pub fn new() -> Self {
        Self {
            gallery: RwSignal::default(),
            mistakes_only: RwSignal::default(),
            start: RwSignal::default(),
            chosen: RwSignal::default(),
            confusion: RwSignal::default(),
            weights: RwSignal::default(),
            drawing: RwSignal::default(),
            prediction: RwSignal::default(),
            reason: RwSignal::default(),
            home: StoredValue::default(),
            open_questions: RwSignal::default(),
            predicting: StoredValue::default(),
            predict_again: StoredValue::default(),
            last_look_ms: StoredValue::default(),
        }
    }

    /// Another run is in focus: what was seen is no longer true.
    pub fn forget(self) {
        self.gallery.set(None);
        self.confusion.set(None);
        self.weights.set(None);
        self.prediction.set(None);
        self.chosen.set(None);
        self.reason.set(None);
        self.home.set_value(None);
        self.last_look_ms.set_value(0.0);
    }

    /// True when the last look is old enough and answered.
    pub fn is_due(self) -> bool {
        self.open_questions.get_untracked() == 0
            && js_sys::Date::now() - self.last_look_ms.get_value() > BETWEEN_LOOKS_MS
    }

    /// Asks for everything anew.
    pub fn look(self, link: &EngineLink, engine: Engine, run: &RunId) {
        self.home.set_value(Some((engine, run.clone())));
        self.last_look_ms.set_value(js_sys::Date::now());
        self.look_at_pictures(link);
        self.ask(link, Inspection::Confusion, move |reply| {
            if let Reply::Confusion { counts } = reply {
                self.confusion.set(Some(counts));
            }
        });
        self.ask(link, Inspection::Weights, move |reply| {
            if let Reply::Weights { units, scale } = reply {
                self.weights.set(Some(Weights { units, scale }));
            }
        });
        self.predict(link);
    }

    /// Asks for the pictures alone: another page of them, or another filter.
    pub fn look_at_pictures(self, link: &EngineLink) {
        let inspection = Inspection::Gallery {
            start: self.start.get_untracked(),
            count: PICTURES,
            mistakes_only: self.mistakes_only.get_untracked(),
        };
        self.ask(link, inspection, move |reply| {
            if let Reply::Gallery { pictures, total } = reply {
                self.gallery.set(Some((pictures, total)));
            }
        });
    }

    /// Asks what the network says of the drawing; a stroke while an answer is awaited is asked about after it.
    pub fn predict(self, link: &EngineLink) {
        if self.drawing.with_untracked(Drawing::is_blank) {
            self.prediction.set(None);
            return;
        }
        if self.predicting.get_value() {
            self.predict_again.set_value(true);
            return;
        }
        let Some((engine, run)) = self.home.get_value() else {
            return;
        };
        self.predicting.set_value(true);
        self.predict_again.set_value(false);
        let pixels = self.drawing.with_untracked(Drawing::bytes);
        let again = link.clone();
        link.ask(
            engine,
            |request| Command::Inspect {
                request,
                run,
                inspection: Inspection::Predict { pixels },
            },
            move |answer| {
                self.predicting.set_value(false);
                // An answer may come when the drawing has been cleared: nothing is said of a blank one.
                let blank = self.drawing.with_untracked(Drawing::is_blank);
                if let (Ok((Reply::Prediction { probabilities }, _)), false) = (answer, blank) {
                    self.prediction.set(Some(probabilities));
                }
                if self.predict_again.get_value() {
                    self.predict(&again);
                }
            },
        );
    }

    fn ask(self, link: &EngineLink, inspection: Inspection, seen: impl FnOnce(Reply) + 'static) {
        let Some((engine, run)) = self.home.get_value() else {
            return;
        };
        self.open_questions.update(|open| *open += 1);
        let of = run.clone();
        link.ask(
            engine,
            |request| Command::Inspect {
                request,
                run,
                inspection,
            },
            move |answer: Answer| {
                self.open_questions
                    .update(|open| *open = open.saturating_sub(1));
                let current = self
                    .home
                    .with_value(|home| home.as_ref().is_some_and(|(_, run)| *run == of));
                match answer {
                    Ok((reply, _)) if current => {
                        self.reason.set(None);
                        seen(reply);
                    }
                    Err(error) if current => self.reason.set(Some(error.message)),
                    _ => {}
                }
            },
        );
    }
}
