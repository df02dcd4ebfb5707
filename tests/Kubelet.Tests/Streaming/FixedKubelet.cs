using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Cryptography.X509Certificates;
using System.Text;

namespace MiniKube.Kubelet.Tests.Streaming;

/// <summary>A kubelet that answers every first request the same, and remembers what else comes on the connection.</summary>
internal sealed class FixedKubelet : IDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly Task<string> _running;
    private readonly X509Certificate2 _certificate;

    public FixedKubelet(string answer, StreamingNode node)
    {
        _certificate = node.CreateServingCertificate();
        _listener.Start();
        _running = RunAsync(Encoding.ASCII.GetBytes(answer));
    }

    public int Port => ((IPEndPoint)_listener.LocalEndpoint).Port;

    public int Connections { get; private set; }

    /// <summary>What came after the first request, until the connection was closed.</summary>
    public Task<string> WhatFollowedAsync() => _running.WaitAsync(TimeSpan.FromSeconds(60), TestContext.Current.CancellationToken);

    public void Dispose()
    {
        _listener.Stop();
        _certificate.Dispose();
    }

    private async Task<string> RunAsync(byte[] answer)
    {
        using var client = await _listener.AcceptTcpClientAsync(TestContext.Current.CancellationToken);
        Connections++;
        await using var stream = new SslStream(client.GetStream());
        await stream.AuthenticateAsServerAsync(_certificate);
        var buffer = new byte[16 * 1024];
        var heard = "";
        while (!heard.EndsWith("\r\n\r\n", StringComparison.Ordinal))
        {
            heard += Encoding.ASCII.GetString(buffer, 0, await stream.ReadAsync(buffer, TestContext.Current.CancellationToken));
        }

        await stream.WriteAsync(answer, TestContext.Current.CancellationToken);
        var count = await stream.ReadAtLeastAsync(buffer, 1, throwOnEndOfStream: false, TestContext.Current.CancellationToken);
        return Encoding.ASCII.GetString(buffer, 0, count);
    }
}
