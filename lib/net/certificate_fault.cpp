#include "net/certificate_fault.hpp"

#include "model/redact.hpp"

#include <openssl/asn1.h>
#include <openssl/x509.h>
#include <openssl/x509v3.h>

#include <array>
#include <cstddef>
#include <ctime>
#include <memory>

namespace venice_keys::net {

namespace {

constexpr std::size_t most_names = 5;
constexpr std::size_t longest_name = 80;

// YYYY-MM-DD HH:MM:SS UTC; empty when the time can't be read.
std::string text_of(const ASN1_TIME* time)
{
    std::tm parts{};
    if (time == nullptr || ASN1_TIME_to_tm(time, &parts) != 1)
        return {};
    std::array<char, 32> text;
    return {text.data(), std::strftime(text.data(), text.size(), "%Y-%m-%d %H:%M:%S UTC", &parts)};
}

// Empty also when the time is still to come: then it is the certificate of an authority that has expired.
std::string text_if_past(const ASN1_TIME* time)
{
    return X509_cmp_current_time(time) < 0 ? text_of(time) : std::string{};
}

std::string text_of(const GENERAL_NAME& name)
{
    std::string text;
    if (name.type == GEN_DNS) {
        text.assign(reinterpret_cast<const char*>(ASN1_STRING_get0_data(name.d.dNSName)),
                    static_cast<std::size_t>(ASN1_STRING_length(name.d.dNSName)));
    } else if (name.type == GEN_IPADD) {
        const unsigned char* const bytes = ASN1_STRING_get0_data(name.d.iPAddress);
        const int size = ASN1_STRING_length(name.d.iPAddress);
        constexpr std::string_view digits = "0123456789abcdef";
        for (int i = 0; i < size; ++i) {
            if (size == 4)
                text.append(i == 0 ? "" : ".").append(std::to_string(bytes[i]));
            else
                text.append(i == 0 || i % 2 != 0 ? "" : ":").append({digits[bytes[i] >> 4], digits[bytes[i] & 0xF]});
        }
    }
    detail::make_printable(text, longest_name); // a server chooses what its certificate says
    return text;
}

// The names of hosts that the certificate is for, with commas between them.
std::string names_in(const X509* certificate)
{
    const std::unique_ptr<GENERAL_NAMES, decltype(&GENERAL_NAMES_free)> names{
        static_cast<GENERAL_NAMES*>(X509_get_ext_d2i(certificate, NID_subject_alt_name, nullptr, nullptr)),
        &GENERAL_NAMES_free};
    std::string text;
    std::size_t shown = 0;
    const int count = names ? sk_GENERAL_NAME_num(names.get()) : 0;
    for (int i = 0; i < count; ++i) {
        const std::string name = text_of(*sk_GENERAL_NAME_value(names.get(), i));
        if (name.empty())
            continue;
        if (shown++ == most_names)
            return text + " and others";
        text.append(text.empty() ? "" : ", ").append(name);
    }
    return text;
}

std::string issuer_of(const X509* certificate)
{
    std::array<char, 256> name{};
    X509_NAME_oneline(X509_get_issuer_name(certificate), name.data(), static_cast<int>(name.size()));
    std::string text{name.data()};
    detail::make_printable(text, longest_name);
    return text;
}

// Whose certificates are trusted, and what to do to trust one more.
struct trust_words {
    std::string whose;
    std::string_view advice;
};

trust_words trust_words_of(const tls_config& trusted)
{
    if (!trusted.ca_file.empty())
        return {"config::tls.ca_file (VENICE_CA_FILE), '" + trusted.ca_file + "'" +
                    (trusted.ca_pem.empty() ? "" : ", and config::tls.ca_pem"),
                "put that authority's certificate into the file"};
    if (!trusted.ca_pem.empty())
        return {"config::tls.ca_pem", "put that authority's certificate there"};
    return {"the system", "set config::tls.ca_file (VENICE_CA_FILE) to a file with that authority's certificate"};
}

// `which` authority is missing: the issuer of the certificate, or one above it.
std::string words_for_missing(std::string_view which, const std::string& name, const tls_config& trusted)
{
    const trust_words trust = trust_words_of(trusted);
    std::string text("; ");
    text.append(which);
    if (!name.empty())
        text.append(", ").append(name).append(",");
    return text.append(" is not among the certificates of ")
        .append(trust.whose)
        .append("; if you trust it, ")
        .append(trust.advice);
}

} // namespace

std::string certificate_fault(std::string_view where, std::string_view host, long verified, const X509* certificate,
                              const tls_config& trusted)
{
    std::string text = "the certificate of ";
    text.append(where).append(" can't be trusted: ").append(X509_verify_cert_error_string(verified));
    std::string value;
    switch (verified) {
    case X509_V_ERR_CERT_HAS_EXPIRED:
        value = certificate == nullptr ? std::string{} : text_if_past(X509_get0_notAfter(certificate));
        if (!value.empty())
            text += " (it was valid until " + value + ")";
        return text += "; the server needs a new one, unless this machine's clock is wrong";
    case X509_V_ERR_CERT_NOT_YET_VALID:
        value = certificate == nullptr ? std::string{} : text_of(X509_get0_notBefore(certificate));
        if (!value.empty())
            text += " (it is valid from " + value + ")";
        return text += "; see whether this machine's clock is right";
    case X509_V_ERR_HOSTNAME_MISMATCH:
    case X509_V_ERR_IP_ADDRESS_MISMATCH:
        value = certificate == nullptr ? std::string{} : names_in(certificate);
        if (!value.empty())
            text.append(" (it is for ").append(value).append(", not for ").append(host).append(")");
        return text += "; connect by a name that is in it";
    case X509_V_ERR_DEPTH_ZERO_SELF_SIGNED_CERT:
    case X509_V_ERR_UNABLE_TO_GET_ISSUER_CERT_LOCALLY:
    case X509_V_ERR_UNABLE_TO_VERIFY_LEAF_SIGNATURE:
        value = certificate == nullptr ? std::string{} : issuer_of(certificate);
        return text += words_for_missing("its issuer", value, trusted);
    case X509_V_ERR_SELF_SIGNED_CERT_IN_CHAIN:
    case X509_V_ERR_UNABLE_TO_GET_ISSUER_CERT:
        return text += words_for_missing("the authority above its issuer", {}, trusted);
    default:
        return text;
    }
}

} // namespace venice_keys::net
