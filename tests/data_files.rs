//! Finding, checking and reading Fashion-MNIST. Tests that need the real files look for Debian's package and for
//! `KINDLING_DATA`; without them they say so and check the refusals only.

use kindling::cli::sources::{Places, STAND_IN};
use kindling::data::fashion_mnist::{
    self, DataFile, FILES, FIRST_ROWS, TRAIN_LABELS, TRAIN_PICTURES,
};
use kindling::data::{Images, Unpacker, idx, stand_in};
use kindling_protocol::DataSource;
use std::io::{Read as _, Write as _};
use std::net::TcpListener;
use std::path::{Path, PathBuf};

type Test = Result<(), Box<dyn std::error::Error>>;

/// A folder of this test's own, emptied.
fn fresh_folder(name: &str) -> Result<PathBuf, std::io::Error> {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join(name);
    if folder.exists() {
        std::fs::remove_dir_all(&folder)?;
    }
    std::fs::create_dir_all(&folder)?;
    Ok(folder)
}

/// Places with nothing in them, and an address nobody answers.
fn nowhere(folder: &Path) -> Places {
    Places {
        told: None,
        cache: Some(folder.join("cache")),
        system: folder.join("system"),
        address: "http://127.0.0.1:1/".into(),
    }
}

/// The folder of the real files, where this machine has them.
fn real_folder() -> Option<PathBuf> {
    let told = std::env::var_os("KINDLING_DATA").map(PathBuf::from);
    told.into_iter()
        .chain([Places::of_this_machine(None).system])
        .find(|f| f.join(TRAIN_PICTURES.name).is_file())
}

/// Serves `body` to one request and closes. Returns the address.
fn serve_once(body: Vec<u8>) -> Result<String, std::io::Error> {
    let listener = TcpListener::bind("127.0.0.1:0")?;
    let address = format!("http://{}/", listener.local_addr()?);
    std::thread::spawn(move || -> std::io::Result<()> {
        let (mut stream, _) = listener.accept()?;
        let mut request = [0; 4_096];
        let _ = stream.read(&mut request)?;
        write!(
            stream,
            "HTTP/1.1 200 OK\r\nContent-Length: {}\r\nConnection: close\r\n\r\n",
            body.len()
        )?;
        stream.write_all(&body)
    });
    Ok(address)
}

fn sentence<T>(result: Result<T, impl std::fmt::Display>) -> String {
    result.err().map(|e| e.to_string()).unwrap_or_default()
}

/// A file of labels as long as the real one, which it is not.
fn false_labels() -> Vec<u8> {
    idx::write_labels(&vec![3; TRAIN_LABELS.rows])
}

#[test]
fn files_that_are_not_the_published_ones_are_refused() -> Test {
    let name = TRAIN_LABELS.name;
    let content = false_labels();
    let wrong = sentence(fashion_mnist::decode(name, &content));
    assert!(
        wrong.starts_with("train-labels-idx1-ubyte.gz fails its checksum: SHA-256 "),
        "{wrong}"
    );
    assert!(
        wrong.contains(
            "bad3541b69d912435c50bb6ba87bec294ff4f6a2e1246121d8633921760443d9 was expected"
        )
    );

    let packed = fashion_mnist::pack(name, &content)?;
    assert_eq!(packed[..2], [0x1f, 0x8b]);
    // Packed or not, it is the same content.
    assert_eq!(sentence(fashion_mnist::decode(name, &packed)), wrong);

    let cut = sentence(fashion_mnist::decode(name, &packed[..packed.len() / 2]));
    assert!(
        cut.contains("cannot be unpacked") && cut.contains("cut short or damaged"),
        "{cut}"
    );
    let mut flipped = packed;
    flipped[20] ^= 0x40;
    assert!(!sentence(fashion_mnist::decode(name, &flipped)).is_empty());
    let cut = sentence(fashion_mnist::decode(name, &content[..1_000]));
    assert!(
        cut.contains("ends after 1000 bytes where 60008 were expected"),
        "{cut}"
    );
    for length in [0, 1] {
        let empty = sentence(fashion_mnist::decode(name, &content[..length]));
        assert!(
            empty.contains(&format!("ends after {length} bytes")),
            "{empty}"
        );
    }
    let bomb = fashion_mnist::pack(name, &vec![0; 10_000_000])?;
    let long = sentence(fashion_mnist::decode(name, &bomb));
    assert!(
        long.contains("unpacks to more than the expected 60008 bytes"),
        "{long}"
    );
    let unknown = sentence(fashion_mnist::decode("cats.gz", &[]));
    assert!(
        unknown.contains("There is no file cats.gz") && unknown.contains(name),
        "{unknown}"
    );
    Ok(())
}

#[test]
fn the_first_part_is_made_of_the_first_rows() -> Test {
    let all = stand_in::images(FIRST_ROWS + 10, 3)?;
    let [(pictures_name, pictures), (labels_name, labels)] = fashion_mnist::first_part(&all)?;
    let unpack = |packed: &[u8]| -> std::io::Result<Vec<u8>> {
        let mut content = vec![];
        flate2::read::GzDecoder::new(packed).read_to_end(&mut content)?;
        Ok(content)
    };
    let read = Images::new(
        idx::parse_pictures(pictures_name, unpack(&pictures)?)?,
        idx::parse_labels(labels_name, unpack(&labels)?)?,
    )?;
    assert_eq!(read, all.first(FIRST_ROWS)?);
    let few = sentence(fashion_mnist::first_part(&all.first(10)?));
    assert!(few.contains("Row 5999 is wanted of 10"), "{few}");
    Ok(())
}

#[test]
fn real_files_are_read_and_a_flipped_byte_is_noticed() -> Test {
    let Some(folder) = real_folder() else {
        eprintln!("no real files here: not checked");
        return Ok(());
    };
    let places = Places {
        told: Some(folder.clone()),
        ..nowhere(&folder)
    };
    let set = places.load(6_000, &mut |_| {})?;
    assert_eq!((set.source, set.note), (DataSource::FashionMnist, None));
    // From the data set itself: the first labels, and that every class has 6,000 rows.
    assert_eq!(set.images.labels()[..10], [9, 0, 0, 3, 0, 2, 7, 2, 5, 5]);
    let all = places.load(60_000, &mut |_| {})?.images;
    for class in 0..10 {
        assert_eq!(all.labels().iter().filter(|&&l| l == class).count(), 6_000);
    }
    // torchvision's usual constants: mean 0.2860, standard deviation 0.3530.
    let rows = all.rows() as f64 * 784.0;
    let mean = all.pixels().iter().map(|&p| f64::from(p)).sum::<f64>() / rows / 255.0;
    assert!((mean - 0.2860).abs() < 5e-5, "{mean}");

    // The first part's checksums were computed by other means than `first_part`.
    for (name, packed) in fashion_mnist::first_part(&all)? {
        assert!(!fashion_mnist::decode(name, &packed)?.is_empty());
    }

    let mut labels = std::fs::read(folder.join(TRAIN_LABELS.name))?;
    let middle = labels.len() / 2;
    labels[middle] ^= 1;
    let damaged = fresh_folder("flipped")?;
    std::fs::write(damaged.join(TRAIN_LABELS.name), labels)?;
    std::fs::write(
        damaged.join(TRAIN_PICTURES.name),
        idx::write_pictures(all.pixels()),
    )?;
    let places = Places {
        told: Some(damaged.clone()),
        ..nowhere(&damaged)
    };
    let text = sentence(places.load(10, &mut |_| {}));
    assert!(
        text.starts_with(&format!(
            "In {}: train-labels-idx1-ubyte.gz ",
            damaged.display()
        )),
        "{text}"
    );
    assert!(
        text.contains("To do so, replace it by the original"),
        "{text}"
    );
    Ok(())
}

#[test]
fn all_six_files_are_prepared_for_the_page() -> Test {
    let Some(folder) = real_folder() else {
        eprintln!("no real files here: not checked");
        return Ok(());
    };
    let out = fresh_folder("prepared")?;
    let places = Places {
        told: Some(folder),
        ..nowhere(&out)
    };
    let names = places.prepare(&out, &mut |_| {})?;
    assert_eq!(names.len(), FILES.len());
    for file in FILES {
        let content = fashion_mnist::decode(file.name, &std::fs::read(out.join(file.name))?)?;
        assert!(!content.is_empty());
    }
    Ok(())
}

#[test]
fn a_folder_that_was_named_must_have_the_files() -> Test {
    let folder = fresh_folder("told")?;
    let places = Places {
        told: Some(folder.clone()),
        ..nowhere(&folder)
    };
    let text = sentence(places.load(10, &mut |_| {}));
    assert!(
        text.starts_with("There is no train-images-idx3-ubyte.gz in "),
        "{text}"
    );
    Ok(())
}

#[test]
fn a_damaged_file_in_the_cache_is_an_error_and_not_skipped() -> Test {
    let folder = fresh_folder("damaged-cache")?;
    let places = nowhere(&folder);
    let cache = folder.join("cache");
    std::fs::create_dir_all(&cache)?;
    std::fs::write(cache.join(TRAIN_PICTURES.name), b"<html>not found</html>")?;
    std::fs::write(cache.join(TRAIN_LABELS.name), false_labels())?;
    let text = sentence(places.load(10, &mut |_| {}));
    assert!(text.contains(&format!("In {}", cache.display())), "{text}");
    assert!(
        text.contains("train-images-idx3-ubyte.gz ends after 22 bytes"),
        "{text}"
    );
    assert!(text.contains("delete it and start again"), "{text}");
    Ok(())
}

#[test]
fn without_real_data_the_stand_in_says_why() -> Test {
    let folder = fresh_folder("nowhere")?;
    let set = nowhere(&folder).load(20, &mut |_| {})?;
    assert_eq!(set.source, DataSource::StandIn);
    assert_eq!(set.images.rows(), 20);
    let note = set.note.unwrap_or_default();
    assert!(
        note.contains("download of train-images-idx3-ubyte.gz from http://127.0.0.1:1/ failed"),
        "{note}"
    );

    let asked = Places {
        told: Some(STAND_IN.into()),
        ..nowhere(&folder)
    };
    assert_eq!(asked.load(20, &mut |_| {})?.images, set.images);
    let refused = sentence(asked.prepare(&folder.join("out"), &mut |_| {}));
    assert!(refused.contains("needs the real data"), "{refused}");
    Ok(())
}

#[test]
fn a_download_that_is_not_the_file_leaves_nothing_behind() -> Test {
    let folder = fresh_folder("bad-download")?;
    let places = Places {
        address: serve_once(b"<html>Sign in to the network</html>".to_vec())?,
        ..nowhere(&folder)
    };
    let mut heard = vec![];
    let set = places.load(10, &mut |d| heard.push(d.clone()))?;
    assert_eq!(set.source, DataSource::StandIn);
    let note = set.note.unwrap_or_default();
    assert!(
        note.contains("ends after 35 bytes where 47040016 were expected"),
        "{note}"
    );
    assert_eq!(
        heard.last().map(|d| (d.received, d.total)),
        Some((35, Some(35)))
    );
    assert_eq!(std::fs::read_dir(folder.join("cache"))?.count(), 0);
    Ok(())
}

#[test]
fn a_download_fills_the_cache() -> Test {
    let Some(real) = real_folder() else {
        eprintln!("no real files here: not checked");
        return Ok(());
    };
    let folder = fresh_folder("download")?;
    let cache = folder.join("cache");
    std::fs::create_dir_all(&cache)?;
    // The large file is there already, so only the small one is fetched.
    std::fs::copy(
        real.join(TRAIN_PICTURES.name),
        cache.join(TRAIN_PICTURES.name),
    )?;
    let places = Places {
        address: serve_once(std::fs::read(real.join(TRAIN_LABELS.name))?)?,
        ..nowhere(&folder)
    };
    assert_eq!(
        places.load(10, &mut |_| {})?.source,
        DataSource::FashionMnist
    );
    // A second time nothing is asked of the server, which answers only once.
    assert_eq!(
        places.load(10, &mut |_| {})?.source,
        DataSource::FashionMnist
    );
    Ok(())
}

#[test]
fn a_file_may_come_in_pieces_of_any_size() -> Test {
    let content = idx::write_labels(&[1, 2, 3]);
    let file = DataFile {
        rows: 3,
        // sha256sum's.
        sha256: "398a8a7fbd9531f1d9aa2ae368533e137cb53c202c3665f25affcf1ca88844ab",
        ..TRAIN_LABELS
    };
    for packed in [content.clone(), fashion_mnist::pack("labels", &content)?] {
        for size in [1, 2, 3, 100] {
            let mut unpacker = Unpacker::new(file);
            for piece in packed.chunks(size) {
                unpacker.push(piece)?;
            }
            assert_eq!(unpacker.finish()?, [1, 2, 3]);
        }
    }
    Ok(())
}
