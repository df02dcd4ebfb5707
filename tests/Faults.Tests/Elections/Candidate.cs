using System.Diagnostics;

using MiniKube.TestSupport;

namespace MiniKube.Faults.Tests.Elections;

/// <summary>A scheduler or controller manager as <c>./mk</c> publishes it, a process that stands for election. It is a user of its own, so that logs tell candidates apart.</summary>
internal sealed class Candidate : IAsyncDisposable
{
    private const int LogLines = 45;

    private readonly TemporaryFolder _files = new();
    private readonly string[] _arguments;
    private Process? _process;

    /// <param name="command">As mk calls it: <c>scheduler</c>.</param>
    /// <param name="number">Tells it from the others.</param>
    /// <param name="server">Whom it asks.</param>
    /// <param name="flags">Besides those for the server.</param>
    public Candidate(string command, int number, ApiServerProcess server, params IEnumerable<string> flags)
    {
        (User, Lease) = ($"{command}-{number}", $"kube-{command}");
        _arguments = [command, $"--kubeconfig={server.KubeconfigOf(User)}", "--bind-address=127.0.0.1", "--secure-port=0", .. flags];
    }

    public string User { get; }

    public string Lease { get; }

    private Process Process => _process ?? throw new InvalidOperationException($"{User} does not run.");

    public void Start()
    {
        var program = Path.Combine(RepositoryRoot.Path, "artifacts/mk/current/MiniKube.Cluster");
        _process = Process.Start(new ProcessStartInfo("sh", ["-c", $"exec \"$0\" \"$@\" >>{_files.File("log")} 2>&1", program, .. _arguments]))
            ?? throw new InvalidOperationException($"{program} did not start");
    }

    /// <summary>The last it said.</summary>
    public string Log => $"{User}, {(_process is { HasExited: false } ? "running" : "ended")}:\n{string.Join('\n', File.ReadLines(_files.File("log")).TakeLast(LogLines))}\n";

    public void Pause() => Process.Pause();

    public void Resume() => Process.Resume();

    /// <summary>As a supervisor does: it is asked to end, and waited for.</summary>
    public Task StopAsync()
    {
        Process.End();
        return EndAsync();
    }

    public Task KillAsync()
    {
        Process.Kill();
        return EndAsync();
    }

    public async ValueTask DisposeAsync()
    {
        if (_process is not null)
        {
            await KillAsync();
        }

        _files.Dispose();
    }

    private async Task EndAsync()
    {
        await Process.WaitForExitAsync(CancellationToken.None);
        Process.Dispose();
        _process = null;
    }
}
