using System.CommandLine;
using System.Net;

namespace MiniKube.Hosting;

/// <summary>The flags that every component has: verbosity and its serving address.</summary>
public sealed class CommonOptions
{
    private readonly Option<int> _verbosity = new("--v", "-v") { Description = "Number for the log level verbosity." };
    private readonly Option<string> _bindAddress = new("--bind-address")
    {
        Description = "The IP address on which to serve health and metrics.",
        DefaultValueFactory = _ => "0.0.0.0",
    };

    private readonly Option<int> _securePort;
    private readonly Option<string?> _certificate = new("--tls-cert-file") { Description = "The file with the serving certificate (PEM)." };
    private readonly Option<string?> _privateKey = new("--tls-private-key-file") { Description = "The file with its private key (PEM)." };

    public CommonOptions(Command command, int defaultSecurePort)
    {
        _securePort = new Option<int>("--secure-port")
        {
            Description = "The TLS port on which to serve health and metrics; 0 serves nothing.",
            DefaultValueFactory = _ => defaultSecurePort,
        };
        command.Options.Add(_verbosity);
        command.Options.Add(_bindAddress);
        command.Options.Add(_securePort);
        command.Options.Add(_certificate);
        command.Options.Add(_privateKey);
    }

    public LoggingOptions Logging(ParseResult result) => new() { Verbosity = result.GetValue(_verbosity) };

    public ServingOptions Serving(ParseResult result) => new()
    {
        BindAddress = IPAddress.Parse(result.GetValue(_bindAddress) ?? "0.0.0.0"),
        SecurePort = result.GetValue(_securePort),
        TlsCertFile = result.GetValue(_certificate),
        TlsPrivateKeyFile = result.GetValue(_privateKey),
    };
}
