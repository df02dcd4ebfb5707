using System.Diagnostics;
using System.Net;
using System.Net.Sockets;

using MiniKube.TestSupport;

namespace MiniKube.Conformance.Tests;

/// <summary>Debian's docker-registry on the machine's loopback, with a folder of its own. The node reaches it as <c>host.minikube.internal</c>, through mk's proxy.</summary>
internal sealed class RegistryProcess : IAsyncDisposable
{
    private static readonly TimeSpan StartLimit = TimeSpan.FromSeconds(60);

    private readonly string _folder = Directory.CreateTempSubdirectory("mk-registry-").FullName;
    private readonly Process _process;

    private RegistryProcess(int port, bool tls)
    {
        var configuration = Path.Combine(_folder, "config.yml");
        File.WriteAllText(configuration, $"""
            version: 0.1
            log:
              level: error
            storage:
              filesystem:
                rootdirectory: {_folder}/data
            http:
              addr: 127.0.0.1:{port}
            {(tls ? Tls() : "")}
            """);
        _process = Process.Start(new ProcessStartInfo("docker-registry", ["serve", configuration])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        }) ?? throw new InvalidOperationException("docker-registry did not start.");

        // What nobody reads would fill a pipe in the end, and stop it.
        _process.BeginOutputReadLine();
        _process.BeginErrorReadLine();
    }

    /// <param name="port">Where it listens on 127.0.0.1.</param>
    /// <param name="tls">Whether it speaks TLS alone, or plain HTTP alone. Nobody knows its authority.</param>
    /// <param name="cancellationToken">Ends the wait for it to listen.</param>
    public static async Task<RegistryProcess> StartAsync(int port, bool tls, CancellationToken cancellationToken)
    {
        var registry = new RegistryProcess(port, tls);
        try
        {
            await Eventually.GetAsync(_ => ListensAsync(port, cancellationToken), listens => listens, StartLimit, cancellationToken);
            return registry;
        }
        catch
        {
            await registry.DisposeAsync();
            throw;
        }
    }

    public async ValueTask DisposeAsync()
    {
        _process.Kill();
        await _process.WaitForExitAsync(CancellationToken.None);
        _process.Dispose();
        Directory.Delete(_folder, recursive: true);
    }

    private string Tls()
    {
        using var certificates = new TestCertificates();
        var (certificate, key) = certificates.Serving();
        File.WriteAllText(Path.Combine(_folder, "tls.crt"), certificate);
        File.WriteAllText(Path.Combine(_folder, "tls.key"), key);
        return $$"""  tls: {certificate: {{_folder}}/tls.crt, key: {{_folder}}/tls.key}""";
    }

    private static async Task<bool> ListensAsync(int port, CancellationToken cancellationToken)
    {
        using var socket = new Socket(SocketType.Stream, ProtocolType.Tcp);
        try
        {
            await socket.ConnectAsync(IPAddress.Loopback, port, cancellationToken);
            return true;
        }
        catch (SocketException)
        {
            return false;
        }
    }
}
