module venice.keys/bench/peers/go

go 1.19
