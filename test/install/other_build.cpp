// A program whose settings of Asio may differ from the library's.
#include <venice_keys/client.hpp>

#include <boost/asio/io_context.hpp>

#include <iostream>

int main()
{
    boost::asio::io_context io;
    const venice_keys::client client(io.get_executor(), venice_keys::credentials{venice_keys::secret{"token"}});
    std::cout << "made a client\n";
}
