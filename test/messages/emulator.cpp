// What the emulator says when it can't start, and of faults that can't be.
#include "messages/stage.hpp"
#include "messages/table.hpp"

#include <boost/system/system_error.hpp>

#include <functional>

namespace messages {

void add_emulator(table& all)
{
    all.begin("The emulator",
              "Its constructor throws the first of these as `request_failed`; what the system refuses, it "
              "throws as `boost::system::system_error`.");
    using change = std::function<void(vk::emulator_options&)>;
    const auto option = [&](std::string when, const change& how, std::string what) {
        vk::emulator_options with;
        how(with);
        all.add(std::move(when), with.validate().error(), std::move(what));
    };
    option(
        "an option out of range", [](auto& o) { o.initial_keys = 2'000'000; }, "give a number in the range");
    option(
        "a time out of range", [](auto& o) { o.service_time = std::chrono::hours{2}; }, "give a time in the range");
    option(
        "a status that the service does not send", [](auto& o) { o.unknown_key_status = 410; }, "give one of the two");
    option(
        "half of a certificate", [](auto& o) { o.certificate_file = "cert.pem"; }, "set both, or none");

    stage on;
    all.call(":" + std::to_string(on.emulator.port()), ":8443");
    const auto start = [&](std::string when, const change& how, std::string what) {
        vk::emulator_options with;
        how(with);
        std::string said = "it starts";
        try {
            const vk::emulator started{on.io.get_executor(), with};
        } catch (const boost::system::system_error& thrown) {
            said = thrown.what();
        }
        all.add(std::move(when), "system_error", said, std::move(what));
    };
    start(
        "no address", [](auto& o) { o.address = "localhost"; }, "give an address, such as 127.0.0.1");
    start(
        "the port is taken", [&](auto& o) { o.port = on.emulator.port(); }, "give another port, or 0 for a free one");
    all.add("the port is reserved", "system_error",
            "cannot listen on 127.0.0.1:443: Permission denied; give a port above 1023, or 0 for a free one",
            "give another port, or 0 for a free one");
    all.add("the address belongs to another machine", "system_error",
            "cannot listen on 192.0.2.1:8443: Cannot assign requested address; give an address of this machine",
            "give an address, such as 127.0.0.1");
    const auto files = [](auto& o) {
        o.certificate_file = "/no/such/cert.pem";
        o.private_key_file = "/no/such/key.pem";
    };
    start("a certificate that is not there", files, "see whether the path is right");
    for (const char* const text : {"the private key file /etc/key.pem can't be used",
                                   "the private key file /etc/key.pem does not belong to the "
                                   "certificate",
                                   "the certificate that was made can't be used", "TLS can't be set up",
                                   "cannot make a certificate", "cannot make a secret", "cannot make a token"})
        all.add("a file or OpenSSL fails", "system_error", text + std::string(": key values mismatch"),
                "look at the file");
    all.add("OpenSSL has no random numbers", "runtime_error",
            "OpenSSL gives no random bytes (RAND_bytes): see to its entropy source", "see to it");

    all.begin("Faults of the emulator", "`fault::parse` returns it, `emulator::add_fault` throws it, and "
                                        "`venice-keys-emulator --fault` prints it.");
    for (const char* const text : {"burn",
                                   "close=1",
                                   "delay",
                                   "delay=soon",
                                   "rst=odd",
                                   "streams=many",
                                   "overread=odd",
                                   "answer=99",
                                   "cut=x",
                                   "raw",
                                   "goaway=odd",
                                   "close,after=x",
                                   "close,times=x",
                                   "close,odd=1",
                                   "close,text=x",
                                   "close,body=x",
                                   "close,part=half",
                                   "close,then=finish",
                                   "close,code=cancel",
                                   "close,lasting=1s",
                                   "close,random=2",
                                   "close,applied=odd",
                                   "close,method=",
                                   "close,only=",
                                   "answer=503,retry-after=",
                                   "rst=cancel,part=odd",
                                   "goaway=at,then=odd",
                                   "close,every=x",
                                   "answer=503,text",
                                   "answer=503,body"}) {
        const auto parsed = vk::fault::parse(text);
        all.add("`" + std::string(text) + "`", parsed ? vk::error{} : parsed.error(), "write it as the text says");
    }
    const auto rule = [&](std::string when, vk::fault what) {
        vk::error said;
        try {
            on.emulator.add_fault(std::move(what));
        } catch (const vk::request_failed& thrown) {
            said = thrown.error();
        }
        all.add(std::move(when), said, "give a value in the range");
    };
    rule("a time out of range", vk::fault::delay(std::chrono::milliseconds{-1}));
    rule("a status out of range", vk::fault::answer(99));
    rule("a probability out of range", vk::fault::close().at_random(2));
    rule("a number out of range", vk::fault::streams(0xFFFF'FFFF));
}

} // namespace messages
