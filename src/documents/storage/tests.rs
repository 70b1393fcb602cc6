//! The store in a folder, and against an S3 server in this process.

use chrono::Duration;
use futures::stream;
use tempfile::TempDir;

use super::*;
use crate::clock::{Clock, SystemClock};

fn pieces(parts: &[&[u8]]) -> impl Stream<Item = Result<Bytes, std::io::Error>> + use<> {
    let parts: Vec<_> = parts.iter().map(|part| Ok(Bytes::copy_from_slice(part))).collect();
    stream::iter(parts)
}

fn in_folder() -> (TempDir, Storage) {
    let folder = TempDir::new().unwrap();
    let storage = Storage::new(&StorageSettings { folder: folder.path().join("data"), bucket: None }).unwrap();
    (folder, storage)
}

fn staged_files(storage: &Storage) -> usize {
    std::fs::read_dir(&storage.staging).unwrap().count()
}

async fn read(storage: &Storage, key: &StorageKey) -> Vec<u8> {
    let file = storage.open(key).await.unwrap();
    let bytes: Vec<Bytes> = file.bytes.try_collect().await.unwrap();
    let bytes = bytes.concat();
    assert_eq!(bytes.len() as u64, file.size_bytes);
    bytes
}

async fn older_than(storage: &Storage, moment: DateTime<Utc>) -> Vec<StoredFile> {
    storage.list_older_than(moment).try_collect().await.unwrap()
}

/// What every kind of store does: keep, read, list, delete.
async fn keeps_what_it_is_given(storage: &Storage, contents: &[u8]) {
    let parts: Vec<&[u8]> = contents.chunks(100_000).collect();
    let staged = storage.stage(pieces(&parts), contents.len() as u64).await.unwrap();
    assert_eq!(staged.digest().size_bytes, contents.len() as u64);
    let key = StorageKey::new();
    storage.commit(staged, &key).await.unwrap();
    assert_eq!(staged_files(storage), 0);
    assert!(read(storage, &key).await == contents);

    let tomorrow = SystemClock.now() + Duration::days(1);
    let listed = older_than(storage, tomorrow).await;
    assert_eq!(
        listed.iter().map(|file| (&file.key, file.size_bytes)).collect::<Vec<_>>(),
        [(&key, contents.len() as u64)]
    );
    assert_eq!(older_than(storage, tomorrow - Duration::days(2)).await, []);

    storage.delete(&key).await.unwrap();
    storage.delete(&key).await.unwrap();
    assert!(matches!(storage.open(&key).await, Err(StorageError::NotFound(missing)) if missing == key));
}

#[tokio::test]
async fn a_folder_keeps_what_it_is_given() {
    let (_folder, storage) = in_folder();
    keeps_what_it_is_given(&storage, b"a bill of lading").await;
    keeps_what_it_is_given(&storage, &vec![7; 3_000_001]).await;
}

#[tokio::test]
async fn files_lie_under_their_key_and_belong_to_their_owner_alone() {
    let (folder, storage) = in_folder();
    let key = StorageKey::new();
    let staged = storage.stage(pieces(&[b"x"]), 1).await.unwrap();
    storage.commit(staged, &key).await.unwrap();
    let path = folder.path().join("data/files").join(key.path());
    assert_eq!(std::fs::read(&path).unwrap(), b"x");
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        assert_eq!(std::fs::metadata(&path).unwrap().permissions().mode() & 0o777, 0o600);
        let data = std::fs::metadata(folder.path().join("data")).unwrap();
        assert_eq!(data.permissions().mode() & 0o777, 0o700);
    }
}

#[tokio::test]
async fn one_byte_too_many_is_refused_and_leaves_nothing() {
    let (_folder, storage) = in_folder();
    let refused = storage.stage(pieces(&[b"1234", b"5678", b"9"]), 8).await;
    assert!(matches!(refused, Err(StorageError::TooLarge { limit_bytes: 8 })));
    assert_eq!(staged_files(&storage), 0);
    assert!(storage.stage(pieces(&[b"1234", b"5678"]), 8).await.is_ok());
}

#[tokio::test]
async fn an_upload_that_breaks_off_leaves_nothing() {
    let (_folder, storage) = in_folder();
    let broken = stream::iter([Ok(Bytes::from_static(b"half")), Err(std::io::Error::other("gone"))]);
    assert!(matches!(storage.stage(broken, 100).await, Err(StorageError::Interrupted(_))));
    assert_eq!(staged_files(&storage), 0);
}

#[tokio::test]
async fn what_is_staged_and_dropped_is_gone() {
    let (_folder, storage) = in_folder();
    let staged = storage.stage(pieces(&[b"refused"]), 100).await.unwrap();
    assert_eq!(std::fs::read(staged.path()).unwrap(), b"refused");
    drop(staged);
    assert_eq!(staged_files(&storage), 0);
}

#[tokio::test]
async fn nothing_is_ever_overwritten() {
    let (_folder, storage) = in_folder();
    let key = StorageKey::new();
    storage.commit(storage.stage(pieces(&[b"first"]), 9).await.unwrap(), &key).await.unwrap();
    let second = storage.stage(pieces(&[b"second"]), 9).await.unwrap();
    assert!(storage.commit(second, &key).await.is_err());
    assert_eq!(read(&storage, &key).await, b"first");
    assert_eq!(staged_files(&storage), 0);
}

#[tokio::test]
async fn the_sweeper_takes_what_a_crash_left_and_only_that() {
    let (_folder, storage) = in_folder();
    std::fs::write(storage.staging.join("incoming-left"), b"x").unwrap();
    std::fs::write(storage.staging.join("notes.txt"), b"x").unwrap();
    let now = SystemClock.now();
    assert_eq!(storage.sweep(now + Duration::minutes(59)).await.unwrap(), 0);
    assert_eq!(storage.sweep(now + Duration::minutes(61)).await.unwrap(), 1);
    assert_eq!(staged_files(&storage), 1);
}

#[tokio::test]
async fn foreign_files_in_the_store_are_not_listed() {
    let (folder, storage) = in_folder();
    std::fs::write(folder.path().join("data/files/README"), b"x").unwrap();
    assert_eq!(older_than(&storage, SystemClock.now() + Duration::days(1)).await, []);
}

/// An S3 server on a free local port, with one bucket called `papers`; it lives as long as the test.
async fn s3_server(folder: &std::path::Path) -> String {
    let files = folder.join("s3");
    std::fs::create_dir_all(files.join("papers")).unwrap();
    let mut service = s3s::service::S3ServiceBuilder::new(s3s_fs::FileSystem::new(files).unwrap());
    service.set_auth(s3s::auth::SimpleAuth::from_single("access", "secret"));
    let service = service.build();
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    tokio::spawn(async move {
        while let Ok((socket, _)) = listener.accept().await {
            let connection = hyper::server::conn::http1::Builder::new()
                .serve_connection(hyper_util::rt::TokioIo::new(socket), service.clone());
            tokio::spawn(connection);
        }
    });
    format!("http://{address}")
}

fn in_bucket(folder: &std::path::Path, endpoint: String, secret: &str) -> Storage {
    let bucket = BucketSettings {
        name: "papers".to_owned(),
        region: "us-east-1".to_owned(),
        endpoint: Some(endpoint),
        access_key_id: "access".to_owned(),
        secret_access_key: SecretString::from(secret),
        allow_http: true,
    };
    Storage::new(&StorageSettings { folder: folder.join("data"), bucket: Some(bucket) }).unwrap()
}

#[tokio::test]
async fn a_bucket_keeps_what_it_is_given_in_one_piece_or_in_parts() {
    let folder = TempDir::new().unwrap();
    let endpoint = s3_server(folder.path()).await;
    let storage = in_bucket(folder.path(), endpoint, "secret");
    keeps_what_it_is_given(&storage, b"a bill of lading").await;
    let large: Vec<u8> = (0..9 << 20).map(|index: u32| (index % 251) as u8).collect();
    keeps_what_it_is_given(&storage, &large).await;
}

#[tokio::test]
async fn a_bucket_that_refuses_is_an_error_and_leaves_nothing() {
    let folder = TempDir::new().unwrap();
    let endpoint = s3_server(folder.path()).await;
    let storage = in_bucket(folder.path(), endpoint, "wrong");
    let staged = storage.stage(pieces(&[b"x"]), 1).await.unwrap();
    assert!(matches!(storage.commit(staged, &StorageKey::new()).await, Err(StorageError::Store(_))));
    assert_eq!(staged_files(&storage), 0);
}

#[test]
fn settings_do_not_show_the_secret() {
    let bucket = BucketSettings {
        name: "papers".to_owned(),
        region: "us-east-1".to_owned(),
        endpoint: None,
        access_key_id: "access".to_owned(),
        secret_access_key: SecretString::from("hunter2"),
        allow_http: false,
    };
    assert!(!format!("{bucket:?}").contains("hunter2"));
}

#[tokio::test]
async fn a_bucket_is_spoken_to_under_tls() {
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let endpoint = format!("https://{}", listener.local_addr().unwrap());
    let heard = tokio::spawn(async move {
        let (mut stream, _) = listener.accept().await.unwrap();
        let mut record = [0; 6];
        stream.read_exact(&mut record).await.unwrap();
        record
    });
    let folder = TempDir::new().unwrap();
    let bucket = BucketSettings {
        name: "jebena".into(),
        region: "eu-central-1".into(),
        endpoint: Some(endpoint),
        access_key_id: "key".into(),
        secret_access_key: "secret".into(),
        allow_http: false,
    };
    let storage = Storage::new(&StorageSettings { folder: folder.path().into(), bucket: Some(bucket) }).unwrap();
    let asked = tokio::spawn(async move { storage.open(&StorageKey::new()).await.map(|_| ()) });
    // A handshake, and in it the greeting of a client.
    let record = tokio::time::timeout(std::time::Duration::from_secs(10), heard).await.unwrap().unwrap();
    assert_eq!((record[0], record[1], record[5]), (22, 3, 1), "{record:?}");
    asked.abort();
}
