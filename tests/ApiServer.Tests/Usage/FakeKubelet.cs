using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Cryptography.X509Certificates;
using System.Text;

using MiniKube.TestSupport;

namespace MiniKube.ApiServer.Tests.Usage;

/// <summary>Answers every request over TLS with one text, and counts them.</summary>
internal sealed class FakeKubelet : IAsyncDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly TestCertificates _certificates = new();
    private readonly X509Certificate2 _certificate;
    private readonly CancellationTokenSource _stop = new();
    private readonly Task _serving;
    private int _asked;

    public FakeKubelet()
    {
        var (certificate, key) = _certificates.Serving();
        _certificate = X509Certificate2.CreateFromPem(certificate, key);
        _listener.Start();
        _serving = ServeAsync();
    }

    public int Port => Assert.IsType<IPEndPoint>(_listener.LocalEndpoint).Port;

    /// <summary>What it answers from now on.</summary>
    public string Says { get; set; } = "{}";

    public string Status { get; set; } = "200 OK";

    /// <summary>How often it was asked.</summary>
    public int Asked => Volatile.Read(ref _asked);

    /// <summary>The first line of the last request.</summary>
    public string LastRequest { get; private set; } = "";

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await _serving;
        _listener.Dispose();
        _certificate.Dispose();
        _certificates.Dispose();
        _stop.Dispose();
    }

    private async Task ServeAsync()
    {
        try
        {
            while (true)
            {
                using var client = await _listener.AcceptTcpClientAsync(_stop.Token);
                await using var stream = new SslStream(client.GetStream());
                await stream.AuthenticateAsServerAsync(new SslServerAuthenticationOptions { ServerCertificate = _certificate }, _stop.Token);
                await AnswerAsync(stream);
            }
        }
        catch (OperationCanceledException)
        {
            // The test is over.
        }
    }

    private async Task AnswerAsync(SslStream stream)
    {
        var (buffer, heard) = (new byte[16 * 1024], "");
        while (!heard.Contains("\r\n\r\n", StringComparison.Ordinal))
        {
            heard += Encoding.ASCII.GetString(buffer, 0, await stream.ReadAsync(buffer, _stop.Token));
        }

        LastRequest = heard[..heard.IndexOf('\r', StringComparison.Ordinal)];
        Interlocked.Increment(ref _asked);
        await stream.WriteAsync(
            Encoding.ASCII.GetBytes($"HTTP/1.1 {Status}\r\nContent-Type: application/json\r\nContent-Length: {Says.Length}\r\nConnection: close\r\n\r\n{Says}"), _stop.Token);
    }
}
