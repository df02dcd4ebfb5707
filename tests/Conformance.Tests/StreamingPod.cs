using k8s;

using MiniKube.TestSupport;

namespace MiniKube.Conformance.Tests;

/// <summary>
/// A pod on real Docker for the tests of streams: <c>box</c> with the container <c>main</c>, which printed one line, serves its /etc on port 8081 of its loopback and
/// waits. Shell scripts run against it with a kubectl of any version as <c>k</c>.
/// </summary>
public sealed class StreamingPod(EmbeddedCluster cluster) : IAsyncLifetime
{
    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(2);
    private readonly DirectoryInfo _scratch = Directory.CreateTempSubdirectory("mk-streaming-");
    private TestNamespace? _namespace;

    public string Namespace => _namespace?.Name ?? "";

    public EmbeddedCluster Cluster => cluster;

    public async ValueTask InitializeAsync()
    {
        var kubectl = cluster.Kubectl(Versions.Newest);
        _namespace = await cluster.CreateNamespaceAsync("streams");
        await kubectl.ApplyAsync("""
            apiVersion: v1
            kind: Pod
            metadata: {name: box}
            spec:
              terminationGracePeriodSeconds: 0
              containers: [{name: main, image: busybox:1.36, command: [sh, -c, 'echo started; httpd -p 127.0.0.1:8081 -h /etc; exec sleep 100000']}]
            ---
            apiVersion: v1
            kind: Pod
            metadata: {name: reader}
            spec:
              terminationGracePeriodSeconds: 0
              containers: [{name: main, stdin: true, image: busybox:1.36, command: [sh, -c, 'while read line; do echo "got $line"; done']}]
            """, "-n", Namespace);
        await kubectl.RunAsync("wait", "--for=condition=Ready", "pod/box", "pod/reader", "-n", Namespace, "--timeout=60s");
    }

    public async ValueTask DisposeAsync()
    {
        if (_namespace is not null)
        {
            await _namespace.DisposeAsync();
        }

        _scratch.Delete(recursive: true);
    }

    /// <summary>Runs a shell script, in a folder of the tests, to whatever end.</summary>
    /// <param name="client">A version of kubectl; with <c>-spdy</c> it is told to use SPDY.</param>
    /// <param name="script">With <c>k</c> for kubectl in the pod's namespace.</param>
    public Task<CommandResult> TryAsync(string client, string script)
    {
        var version = client.Replace("-spdy", "", StringComparison.Ordinal);
        var environment = new Dictionary<string, string>
        {
            ["KUBECONFIG"] = Path.Combine(cluster.Folder, "kubeconfig"),
            ["KUBECACHEDIR"] = Path.Combine(_scratch.FullName, $"cache-{version}"),
            ["NS"] = Namespace,
        };
        if (version != client)
        {
            environment["KUBECTL_REMOTE_COMMAND_WEBSOCKETS"] = "false";
            environment["KUBECTL_PORT_FORWARD_WEBSOCKETS"] = "false";
        }

        // In a file of its own: shells that the script starts (in a terminal) call the same k.
        var bin = Directory.CreateDirectory(Path.Combine(_scratch.FullName, $"bin-{version}")).FullName;
        File.WriteAllText(Path.Combine(bin, "k"), $"#!/bin/sh\nexec {RepositoryRoot.Path}/artifacts/tools/kubectl-{version}/kubectl -n \"$NS\" \"$@\"\n");
        if (!OperatingSystem.IsWindows())
        {
            File.SetUnixFileMode(Path.Combine(bin, "k"), UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        }

        environment["PATH"] = $"{bin}:{Environment.GetEnvironmentVariable("PATH")}";
        return CommandRunner.RunAsync(
            "bash",
            ["-c", $"cd {_scratch.FullName}\n{script}"],
            new CommandInput { Environment = environment, Timeout = Limit },
            TestContext.Current.CancellationToken);
    }

    public async Task<string> RunAsync(string client, string script) => (await TryAsync(client, script)).EnsureSuccess().Output;

    /// <summary>How much memory the processes of a unit hold, in KiB.</summary>
    public async Task<long> ResidentAsync(string unit) => long.Parse(
        await cluster.OnNodeAsync("sh", "-c", $"for p in /proc/[0-9]*; do tr '\\0' ' ' <$p/cmdline 2>/dev/null | grep -q '^[^ ]*mk {unit}' && awk '/VmRSS/ {{print $2}}' $p/status; done | sort -n | tail -n 1"),
        System.Globalization.CultureInfo.InvariantCulture);

    public Kubernetes CreateClient() => cluster.CreateClient();
}
