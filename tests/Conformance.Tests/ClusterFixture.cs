using k8s;

using MiniKube.TestSupport;

namespace MiniKube.Conformance.Tests;

/// <summary>A cluster made by <c>mk up</c> and taken down by <c>mk down</c>, shared by the tests of a collection.</summary>
public abstract class ClusterFixture(string name, params string[] flags) : IAsyncLifetime
{
    private static readonly TimeSpan ServiceLimit = TimeSpan.FromSeconds(90);
    private static readonly TimeSpan UpLimit = TimeSpan.FromMinutes(4);

    public string Name { get; } = name;

    /// <summary>Where the cluster's files are.</summary>
    public string Folder => Path.Combine(RepositoryRoot.Path, ".mk", Name);

    /// <summary>A folder that lasts as long as the cluster.</summary>
    protected string Scratch { get; } = Directory.CreateTempSubdirectory("mk-kubectl-").FullName;

    protected string Kubeconfig => Path.Combine(Folder, "kubeconfig");

    public async ValueTask InitializeAsync()
    {
        await MkAsync("down");
        (await MkAsync(["up", .. flags])).EnsureSuccess();
    }

    public async ValueTask DisposeAsync()
    {
        GC.SuppressFinalize(this);
        (await MkAsync("down", "--images")).EnsureSuccess();
        Directory.Delete(Scratch, recursive: true);
    }

    public Kubectl Kubectl(string version) => new(version, Kubeconfig, Scratch);

    public JavaScript JavaScript => new(Kubeconfig);

    public Kubernetes CreateClient() => new(KubernetesClientConfiguration.BuildConfigFromConfigFile(Kubeconfig));

    /// <summary>Runs <c>mk VERB --name NAME …</c>.</summary>
    public Task<CommandResult> MkAsync(params string[] arguments) => CommandRunner.RunAsync(
        Path.Combine(RepositoryRoot.Path, "mk"),
        [arguments[0], "--name", Name, .. arguments.Skip(1)],
        new CommandInput { Timeout = UpLimit },
        CancellationToken.None);

    /// <summary>Runs a command on the host node1, which must succeed, and returns what it printed.</summary>
    public async Task<string> OnNodeAsync(params string[] command) =>
        (await MkAsync(["host", "node1", "--", .. command])).EnsureSuccess().Output;

    /// <summary>Waits until a service's address answers on the node: that a pod is ready reaches the rules of the kernel a moment later, on any cluster.</summary>
    public async Task WaitForServiceAsync(string ns, string name)
    {
        var address = await Kubectl(Versions.Newest).ValueAsync(".spec.clusterIP", "service", name, "-n", ns);
        await Eventually.GetAsync(
            _ => MkAsync("host", "node1", "--", "busybox", "wget", "-q", "-O", "-", $"http://{address}/"),
            answer => answer.ExitCode == 0 && answer.Output.Length > 0,
            ServiceLimit,
            TestContext.Current.CancellationToken);
    }

    /// <summary>What the supervisor says runs as that unit of the host node1; empty while nothing does.</summary>
    public async Task<string> ProcessIdAsync(string unit)
    {
        var status = await OnNodeAsync("sv", "status", $"/etc/service/{unit}");
        var start = status.IndexOf("(pid ", StringComparison.Ordinal);
        return start < 0 ? "" : status[(start + 5)..status.IndexOf(')', start)];
    }

    /// <summary>Kills the control plane; returns when it answers again.</summary>
    public async Task RestartControlPlaneAsync()
    {
        await OnNodeAsync("kill", "-9", await ProcessIdAsync("controlplane"));
        await Kubectl(Versions.Newest).WaitForAsync(output => output == "ok", "get", "--raw", "/readyz");
    }

    /// <summary>A namespace of its own for one test.</summary>
    public async Task<TestNamespace> CreateNamespaceAsync(string prefix)
    {
        var kubectl = Kubectl(Versions.Newest);
        var name = $"{prefix}-{Guid.NewGuid().ToString("N")[..8]}";
        await kubectl.RunAsync("create", "namespace", name);
        await kubectl.WaitForAsync(
            output => output.Contains("serviceaccount/default", StringComparison.Ordinal), "get", "serviceaccounts", "-n", name, "-o", "name");
        return new TestNamespace(kubectl, name);
    }
}
