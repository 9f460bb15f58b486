// Go's net/http, as its documentation has it: one client, a goroutine for each update in flight, encoding/json. With
// HTTP/1.1 a connection for each of them; with -http2 one connection for all.
package main

import (
	"bytes"
	"context"
	"crypto/tls"
	"crypto/x509"
	"encoding/json"
	"flag"
	"fmt"
	"io"
	"net/http"
	"os"
	"sort"
	"sync"
	"sync/atomic"
	"syscall"
	"time"
)

const token = "VENICE-ADMIN-bench-0123456789abcdef0123456789abcdef"

type limits struct {
	USD  *float64 `json:"usd"`
	DIEM *float64 `json:"diem"`
	VCU  *float64 `json:"vcu"`
}

type requestedLimits struct {
	USD  *float64 `json:"usd"`
	DIEM *float64 `json:"diem"`
}

type update struct {
	ID               string          `json:"id"`
	ConsumptionLimit requestedLimits `json:"consumptionLimit"`
	LimitPeriod      string          `json:"limitPeriod"`
	Description      string          `json:"description"`
	ExpiresAt        *time.Time      `json:"expiresAt"`
}

type key struct {
	ID           string     `json:"id"`
	Type         string     `json:"apiKeyType"`
	Limits       limits     `json:"consumptionLimits"`
	LimitPeriod  string     `json:"limitPeriod"`
	ModelPrivacy string     `json:"modelPrivacy"`
	Description  string     `json:"description"`
	Last6Chars   string     `json:"last6Chars"`
	CreatedAt    *time.Time `json:"createdAt"`
	ExpiresAt    *time.Time `json:"expiresAt"`
	LastUsedAt   *time.Time `json:"lastUsedAt"`
}

type answer struct {
	Data    key  `json:"data"`
	Success bool `json:"success"`
}

type peer struct {
	client *http.Client
	url    string
	ids    []string
}

func (p *peer) send(id string) error {
	usd := 50.0
	body, err := json.Marshal(update{ID: id, ConsumptionLimit: requestedLimits{USD: &usd}, LimitPeriod: "MONTH",
		Description: "tenant 42"})
	if err != nil {
		return err
	}
	request, err := http.NewRequestWithContext(context.Background(), http.MethodPatch, p.url, bytes.NewReader(body))
	if err != nil {
		return err
	}
	request.Header.Set("Accept", "application/json")
	request.Header.Set("Authorization", "Bearer "+token)
	request.Header.Set("Content-Type", "application/json")
	response, err := p.client.Do(request)
	if err != nil {
		return err
	}
	defer response.Body.Close()
	if response.StatusCode != http.StatusOK {
		return fmt.Errorf("status %d", response.StatusCode)
	}
	var got answer
	if err := json.NewDecoder(response.Body).Decode(&got); err != nil {
		return err
	}
	// What is left of the body has to be read, or the connection is not used again.
	if _, err := io.Copy(io.Discard, response.Body); err != nil {
		return err
	}
	if !got.Success || got.Data.ID != id {
		return fmt.Errorf("an answer is about another key than was asked for")
	}
	return nil
}

// Sends so many updates and returns how long each took.
func (p *peer) run(updates, inFlight int) ([]time.Duration, error) {
	latencies := make([]time.Duration, updates)
	var next int64 = -1
	var failure error
	var once sync.Once
	var all sync.WaitGroup
	for i := 0; i < inFlight; i++ {
		all.Add(1)
		go func() {
			defer all.Done()
			for {
				at := atomic.AddInt64(&next, 1)
				if at >= int64(updates) {
					return
				}
				began := time.Now()
				if err := p.send(p.ids[at%int64(len(p.ids))]); err != nil {
					once.Do(func() { failure = err })
					return
				}
				latencies[at] = time.Since(began)
			}
		}()
	}
	all.Wait()
	return latencies, failure
}

func usage() (cpu int64, rss int64) {
	var used syscall.Rusage
	syscall.Getrusage(syscall.RUSAGE_SELF, &used)
	us := func(t syscall.Timeval) int64 { return int64(t.Sec)*1_000_000 + int64(t.Usec) }
	return us(used.Utime) + us(used.Stime), int64(used.Maxrss)
}

func transport(ca string, inFlight, connections int, http2 bool) (*http.Transport, error) {
	pem, err := os.ReadFile(ca)
	if err != nil {
		return nil, err
	}
	roots := x509.NewCertPool()
	if !roots.AppendCertsFromPEM(pem) {
		return nil, fmt.Errorf("%s has no certificate", ca)
	}
	made := &http.Transport{
		TLSClientConfig:     &tls.Config{RootCAs: roots, MinVersion: tls.VersionTLS13},
		MaxIdleConns:        inFlight,
		MaxIdleConnsPerHost: inFlight,
		MaxConnsPerHost:     inFlight,
		DisableCompression:  true,
		ForceAttemptHTTP2:   http2,
	}
	if http2 {
		made.MaxConnsPerHost = 1
	}
	if connections > 0 {
		made.MaxConnsPerHost = connections
	} else if connections < 0 {
		made.MaxConnsPerHost = 0 // as http.DefaultTransport has it
	}
	if !http2 {
		made.TLSNextProto = map[string]func(string, *tls.Conn) http.RoundTripper{}
	}
	return made, nil
}

func measure() error {
	host := flag.String("host", "localhost", "the server's name")
	port := flag.Int("port", 443, "its port")
	ca := flag.String("ca", "", "certificates to trust, PEM")
	updates := flag.Int("updates", 20000, "how many are measured")
	warmUp := flag.Int("warm-up", 2000, "how many go before")
	settle := flag.Duration("settle", 0, "how long nothing is sent between those and the measured")
	inFlight := flag.Int("in-flight", 32, "updates under way at any time")
	connections := flag.Int("connections", 0, "the most; 0: one with HTTP/2, else one for each in flight; -1: any number")
	http2 := flag.Bool("http2", false, "HTTP/2")
	flag.Parse()

	made, err := transport(*ca, *inFlight, *connections, *http2)
	if err != nil {
		return err
	}
	p := &peer{client: &http.Client{Transport: made, Timeout: 30 * time.Second},
		url: fmt.Sprintf("https://%s:%d/api/v1/api_keys", *host, *port)}
	for i := 0; i < 256 || i < *inFlight; i++ {
		p.ids = append(p.ids, fmt.Sprintf("00000000-0000-4000-8000-%012x", i))
	}
	if _, err := p.run(*warmUp, *inFlight); err != nil {
		return err
	}
	time.Sleep(*settle)
	cpuBefore, _ := usage()
	began := time.Now()
	latencies, err := p.run(*updates, *inFlight)
	if err != nil {
		return err
	}
	ended := time.Now()
	wall := ended.Sub(began)
	cpu, rss := usage()
	sort.Slice(latencies, func(i, j int) bool { return latencies[i] < latencies[j] })
	at := func(part float64) float64 {
		return float64(latencies[int(part*float64(len(latencies)-1))].Nanoseconds()) / 1000
	}
	fmt.Printf("{\"program\":\"go\",\"ok\":%d,\"cpu_us\":%d,\"wall_us\":%d,\"rss_kb\":%d,\"p50_us\":%.1f,\"p99_us\":%.1f,"+
		"\"cpu_all_us\":%d,\"ended_at_us\":%d}\n",
		len(latencies), cpu-cpuBefore, wall.Microseconds(), rss, at(0.5), at(0.99), cpu, ended.UnixMicro())
	return nil
}

func main() {
	if err := measure(); err != nil {
		fmt.Fprintln(os.Stderr, "go:", err)
		os.Exit(1)
	}
}
