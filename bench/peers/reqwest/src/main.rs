//! reqwest on tokio's one-threaded runtime, with OpenSSL and serde. With HTTP/1.1 a connection for each update in
//! flight; with --http2 one connection for all.

use serde::{Deserialize, Serialize};
use std::cell::{Cell, RefCell};
use std::error::Error;
use std::rc::Rc;
use std::time::{Duration, Instant};

const TOKEN: &str = "VENICE-ADMIN-bench-0123456789abcdef0123456789abcdef";

// Whole numbers: of an f64 serde_json writes 50.0, and every program is to send the same bytes.
#[derive(Serialize)]
struct RequestedLimits {
    usd: Option<u32>,
    diem: Option<u32>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Update<'a> {
    id: &'a str,
    consumption_limit: RequestedLimits,
    limit_period: &'a str,
    description: &'a str,
    expires_at: Option<&'a str>,
}

#[derive(Deserialize)]
#[allow(dead_code)]
struct Limits {
    usd: Option<f64>,
    diem: Option<f64>,
    vcu: Option<f64>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
#[allow(dead_code)]
struct Key {
    id: String,
    api_key_type: String,
    consumption_limits: Limits,
    limit_period: String,
    model_privacy: String,
    description: String,
    last6_chars: String,
    created_at: Option<String>,
    expires_at: Option<String>,
    last_used_at: Option<String>,
}

#[derive(Deserialize)]
struct Answer {
    data: Key,
    success: bool,
}

struct Options {
    host: String,
    port: u16,
    ca: String,
    updates: usize,
    warm_up: usize,
    settle: Duration,
    in_flight: usize,
    http2: bool,
}

fn options() -> Result<Options, Box<dyn Error>> {
    let mut wanted = Options {
        host: "localhost".into(),
        port: 443,
        ca: String::new(),
        updates: 20_000,
        warm_up: 2_000,
        settle: Duration::ZERO,
        in_flight: 32,
        http2: false,
    };
    let mut words = std::env::args().skip(1);
    while let Some(name) = words.next() {
        if name == "--http2" {
            wanted.http2 = true;
            continue;
        }
        let value = words.next().ok_or(format!("{name} wants a value"))?;
        match name.as_str() {
            "--host" => wanted.host = value,
            "--port" => wanted.port = value.parse()?,
            "--ca" => wanted.ca = value,
            "--updates" => wanted.updates = value.parse()?,
            "--warm-up" => wanted.warm_up = value.parse()?,
            "--settle" => {
                let milliseconds = value.strip_suffix("ms").ok_or("--settle wants milliseconds such as 250ms")?;
                wanted.settle = Duration::from_millis(milliseconds.parse()?)
            }
            "--in-flight" => wanted.in_flight = value.parse()?,
            _ => return Err(format!("unknown option {name}").into()),
        }
    }
    Ok(wanted)
}

struct Peer {
    client: reqwest::Client,
    url: String,
    ids: Vec<String>,
}

impl Peer {
    async fn send(&self, id: &str) -> Result<(), Box<dyn Error>> {
        let body = serde_json::to_vec(&Update {
            id,
            consumption_limit: RequestedLimits { usd: Some(50), diem: None },
            limit_period: "MONTH",
            description: "tenant 42",
            expires_at: None,
        })?;
        let response = self
            .client
            .patch(&self.url)
            .header("accept", "application/json")
            .header("content-type", "application/json")
            .bearer_auth(TOKEN)
            .body(body)
            .send()
            .await?;
        if response.status() != reqwest::StatusCode::OK {
            return Err(format!("status {}", response.status().as_u16()).into());
        }
        let answer: Answer = serde_json::from_slice(&response.bytes().await?)?;
        if !answer.success || answer.data.id != id {
            return Err("an answer is about another key than was asked for".into());
        }
        Ok(())
    }
}

/// Sends so many updates and returns how long each took. With `one_first` the others wait until one is answered.
async fn run(
    peer: Rc<Peer>,
    updates: usize,
    in_flight: usize,
    one_first: bool,
) -> Result<Vec<Duration>, Box<dyn Error>> {
    let next = Rc::new(Cell::new(0));
    let latencies = Rc::new(RefCell::new(Vec::with_capacity(updates)));
    if one_first && updates != 0 {
        let began = Instant::now();
        peer.send(&peer.ids[0]).await?;
        latencies.borrow_mut().push(began.elapsed());
        next.set(1);
    }
    let mut all = Vec::new();
    for _ in 0..in_flight {
        let (peer, next, latencies) = (peer.clone(), next.clone(), latencies.clone());
        all.push(tokio::task::spawn_local(async move {
            while next.get() < updates {
                let at = next.get();
                next.set(at + 1);
                let began = Instant::now();
                peer.send(&peer.ids[at % peer.ids.len()]).await.map_err(|e| e.to_string())?;
                latencies.borrow_mut().push(began.elapsed());
            }
            Ok::<(), String>(())
        }));
    }
    for each in all {
        each.await??;
    }
    Ok(latencies.take())
}

fn usage() -> (i64, i64) {
    // SAFETY: getrusage only fills the struct.
    let used = unsafe {
        let mut used: libc::rusage = std::mem::zeroed();
        libc::getrusage(libc::RUSAGE_SELF, &mut used);
        used
    };
    let us = |time: libc::timeval| time.tv_sec * 1_000_000 + time.tv_usec;
    (us(used.ru_utime) + us(used.ru_stime), used.ru_maxrss)
}

async fn measure(wanted: Options) -> Result<(), Box<dyn Error>> {
    let ca = reqwest::Certificate::from_pem(&std::fs::read(&wanted.ca)?)?;
    let mut builder = reqwest::Client::builder()
        .add_root_certificate(ca)
        .tls_built_in_root_certs(false)
        .tcp_nodelay(true)
        .pool_max_idle_per_host(wanted.in_flight)
        .user_agent("reqwest")
        .timeout(Duration::from_secs(30));
    builder = if wanted.http2 { builder.http2_prior_knowledge() } else { builder.http1_only() };
    let ids = wanted.in_flight.max(256);
    let peer = Rc::new(Peer {
        client: builder.build()?,
        url: format!("https://{}:{}/api/v1/api_keys", wanted.host, wanted.port),
        ids: (0..ids).map(|i| format!("00000000-0000-4000-8000-{i:012x}")).collect(),
    });
    // Over HTTP/2 it asks for as many streams as it likes before it knows how many the server allows, and what the
    // server then refuses fails: of more than a hundred at a time one has to go first.
    let one_first = wanted.http2 && wanted.in_flight > 100;
    run(peer.clone(), wanted.warm_up, wanted.in_flight, one_first).await?;
    tokio::time::sleep(wanted.settle).await;
    let (cpu_before, _) = usage();
    let began = Instant::now();
    let mut latencies = run(peer, wanted.updates, wanted.in_flight, one_first && wanted.warm_up == 0).await?;
    let wall = began.elapsed();
    let (cpu, rss) = usage();
    let ended_at = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH)?;
    latencies.sort();
    let at = |part: f64| latencies[(part * (latencies.len() - 1) as f64) as usize].as_secs_f64() * 1e6;
    println!(
        "{{\"program\":\"reqwest\",\"ok\":{},\"cpu_us\":{},\"wall_us\":{},\"rss_kb\":{},\"p50_us\":{:.1},\"p99_us\":{:.1},\
         \"cpu_all_us\":{},\"ended_at_us\":{}}}",
        latencies.len(),
        cpu - cpu_before,
        wall.as_micros(),
        rss,
        at(0.5),
        at(0.99),
        cpu,
        ended_at.as_micros()
    );
    Ok(())
}

fn main() {
    let outcome = options().and_then(|wanted| {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
        tokio::task::LocalSet::new().block_on(&runtime, measure(wanted))
    });
    if let Err(failure) = outcome {
        eprintln!("reqwest: {failure}");
        std::process::exit(1);
    }
}
