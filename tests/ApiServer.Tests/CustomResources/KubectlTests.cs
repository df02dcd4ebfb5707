using MiniKube.TestSupport;

namespace MiniKube.ApiServer.Tests.CustomResources;

/// <summary>What a person does with a definition at a terminal.</summary>
[Trait("Needs", "Machine")]
public sealed class KubectlTests : IAsyncLifetime
{
    private readonly DirectoryInfo _cache = Directory.CreateTempSubdirectory("minikube-kubectl-");
    private TestApiServer? _server;

    private TestApiServer Server => _server ?? throw new InvalidOperationException("The server has not started.");

    public async ValueTask InitializeAsync() => _server = await TestApiServer.StartAsync();

    public async ValueTask DisposeAsync()
    {
        await Server.DisposeAsync();
        _cache.Delete(recursive: true);
    }

    [Fact]
    public async Task Definition_FromCreateToDelete_ReadsAsUpstreams()
    {
        var definition = Definitions.CronTab("stable.example.com", version: """
            , "subresources": { "status": {}, "scale": { "specReplicasPath": ".spec.replicas", "statusReplicasPath": ".status.replicas" } },
            "additionalPrinterColumns": [ { "name": "Spec", "type": "string", "jsonPath": ".spec.cronSpec" }, { "name": "Replicas", "type": "integer", "jsonPath": ".spec.replicas" } ]
            """);
        Assert.Equal("customresourcedefinition.apiextensions.k8s.io/crontabs.stable.example.com created\n", await RunAsync(definition.ToJsonString(), "create", "-f", "-"));
        Assert.Equal(
            "customresourcedefinition.apiextensions.k8s.io/crontabs.stable.example.com condition met\n",
            await RunAsync("", "wait", "--for=condition=Established", "crd/crontabs.stable.example.com", "--timeout=10s"));

        const string cronTab = """
            apiVersion: stable.example.com/v1
            kind: CronTab
            metadata: { name: mine }
            spec: { cronSpec: "* * * * */5", replicas: 2 }
            """;
        Assert.Equal("crontab.stable.example.com/mine created\n", await RunAsync(cronTab, "apply", "-f", "-"));
        Assert.Equal("crontab.stable.example.com/mine unchanged\n", await RunAsync(cronTab, "apply", "-f", "-"));
        Assert.Equal("crontab.stable.example.com/mine configured\n", await RunAsync(cronTab.Replace("replicas: 2", "replicas: 3", StringComparison.Ordinal), "apply", "-f", "-"));
        Assert.Equal("NAME   SPEC          REPLICAS\nmine   * * * * */5   3\n", await RunAsync("", "get", "ct"));
        Assert.Contains("crontab.stable.example.com/mine", await RunAsync("", "get", "all", "-o", "name"), StringComparison.Ordinal);
        Assert.Equal("crontab.stable.example.com/mine scaled\n", await RunAsync("", "scale", "--replicas=5", "crontab/mine"));
        Assert.Equal("5", await RunAsync("", "get", "crontab", "mine", "-o", "jsonpath={.spec.replicas}"));
        Assert.Equal(
            "crontab.stable.example.com/mine patched\n",
            await RunAsync("", "patch", "crontab", "mine", "--subresource=status", "--type=merge", "-p", """{"status":{"replicas":4}}"""));

        var explained = await RunAsync("", "explain", "crontab.spec");
        Assert.StartsWith("GROUP:      stable.example.com\nKIND:       CronTab\nVERSION:    v1\n", explained, StringComparison.Ordinal);
        Assert.Contains("replicas\t<integer>", explained, StringComparison.Ordinal);
        var refused = await TryAsync(cronTab.Replace("replicas: 2", "replicas: 20, foo: 1", StringComparison.Ordinal), "apply", "-f", "-");
        Assert.Contains("strict decoding error: unknown field \"spec.foo\"", refused.Error, StringComparison.Ordinal);

        Assert.Equal("crontab.stable.example.com \"mine\" deleted from default namespace\n", await RunAsync("", "delete", "crontab", "mine"));
        Assert.Equal(
            "customresourcedefinition.apiextensions.k8s.io \"crontabs.stable.example.com\" deleted\n",
            await RunAsync("", "delete", "crd", "crontabs.stable.example.com"));
    }

    [Theory]
    [InlineData("1.20")]
    [InlineData("1.32")]
    [InlineData("1.35")]
    public async Task DryRunsAndServerSideApply_OfEveryVersion_KnowCustomResources(string version)
    {
        Assert.Equal(
            "customresourcedefinition.apiextensions.k8s.io/crontabs.dry.example.com created\n",
            await RunAsync(Definitions.CronTab("dry.example.com").ToJsonString(), version, "create", "-f", "-"));
        await RunAsync("", version, "wait", "--for=condition=Established", "crd/crontabs.dry.example.com", "--timeout=30s");
        string CronTab(int replicas) =>
            $$$"""{"apiVersion":"dry.example.com/v1","kind":"CronTab","metadata":{"name":"dry"},"spec":{"cronSpec":"* * * * *","replicas":{{{replicas}}}}}""";

        Assert.Equal("crontab.dry.example.com/dry created (server dry run)\n", await RunAsync(CronTab(1), version, "create", "--dry-run=server", "-f", "-"));
        Assert.Equal("crontab.dry.example.com/dry created (server dry run)\n", await RunAsync(CronTab(1), version, "apply", "--dry-run=server", "-f", "-"));
        Assert.Contains("NotFound", (await TryAsync("", version, "get", "crontabs.dry.example.com", "dry")).Error, StringComparison.Ordinal);
        Assert.Equal("crontab.dry.example.com/dry serverside-applied\n", await RunAsync(CronTab(1), version, "apply", "--server-side", "-f", "-"));
        Assert.Equal("crontab.dry.example.com/dry serverside-applied (server dry run)\n", await RunAsync(CronTab(2), version, "apply", "--server-side", "--dry-run=server", "-f", "-"));
        Assert.Equal("1", await RunAsync("", version, "get", "crontabs.dry.example.com", "dry", "-o", "jsonpath={.spec.replicas}"));
        Assert.Equal("crontab.dry.example.com/dry serverside-applied\n", await RunAsync(CronTab(3), version, "apply", "--server-side", "-f", "-"));
        Assert.Equal("3", await RunAsync("", version, "get", "crontabs.dry.example.com", "dry", "-o", "jsonpath={.spec.replicas}"));
    }

    [Fact]
    public async Task ServerSideApply_ByHelmAndKubectl_KeepsTheFieldsOfBoth()
    {
        var chart = _cache.CreateSubdirectory("chart");
        await WriteAsync(chart, "Chart.yaml", "apiVersion: v2\nname: mine\nversion: 1.0.0\n");
        await WriteAsync(chart, "values.yaml", "replicas: 2\n");
        await WriteAsync(chart, "crds/definition.yaml", Definitions.CronTab("applied.example.com").ToJsonString());
        await WriteAsync(chart, "templates/crontab.yaml", """
            apiVersion: applied.example.com/v1
            kind: CronTab
            metadata: { name: mine }
            spec: { cronSpec: "* * * * *", replicas: {{ .Values.replicas }} }
            """);
        const string colour = """{"apiVersion":"applied.example.com/v1","kind":"CronTab","metadata":{"name":"mine"},"spec":{"color":"red"}}""";
        const string replicas = """{"apiVersion":"applied.example.com/v1","kind":"CronTab","metadata":{"name":"mine"},"spec":{"color":"red","replicas":5}}""";

        Assert.Contains("STATUS: deployed", (await HelmAsync("install", "mine", chart.FullName)).EnsureSuccess().Output, StringComparison.Ordinal);
        Assert.Equal("crontab.applied.example.com/mine serverside-applied\n", await RunAsync(colour, "apply", "--server-side", "-f", "-"));
        Assert.Contains("STATUS: deployed", (await HelmAsync("upgrade", "mine", chart.FullName, "--set", "replicas=3")).EnsureSuccess().Output, StringComparison.Ordinal);
        Assert.Equal("red 3", await RunAsync("", "get", "crontab", "mine", "-o", "jsonpath={.spec.color} {.spec.replicas}"));
        var managers = await RunAsync("", "get", "crontab", "mine", "--show-managed-fields", "-o", "jsonpath={range .metadata.managedFields[*]}{.manager} {.operation},{end}");
        Assert.Equal(["helm Apply", "kubectl Apply"], managers.TrimEnd(',').Split(',').Order());

        var conflict = await TryAsync(replicas, "apply", "--server-side", "-f", "-");
        Assert.StartsWith("error: Apply failed with 1 conflict: conflict with \"helm\": .spec.replicas\n", conflict.Error, StringComparison.Ordinal);
        Assert.Equal("crontab.applied.example.com/mine serverside-applied\n", await RunAsync(replicas, "apply", "--server-side", "--force-conflicts", "-f", "-"));
        Assert.Contains(
            "Apply failed with 1 conflict: conflict with \"kubectl\": .spec.replicas",
            (await HelmAsync("upgrade", "mine", chart.FullName, "--set", "replicas=4")).Error,
            StringComparison.Ordinal);
        Assert.Equal("5", await RunAsync("", "get", "crontab", "mine", "-o", "jsonpath={.spec.replicas}"));
        Assert.Contains("uninstalled", (await HelmAsync("uninstall", "mine")).EnsureSuccess().Output, StringComparison.Ordinal);
    }

    private static async Task WriteAsync(DirectoryInfo folder, string name, string text)
    {
        var path = Path.Combine(folder.FullName, name);
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        await File.WriteAllTextAsync(path, text, TestContext.Current.CancellationToken);
    }

    private Task<CommandResult> HelmAsync(params string[] arguments) => CommandRunner.RunAsync(
        Path.Combine(RepositoryRoot.Path, "artifacts/tools/kubectl-1.35/helm"),
        ["--kubeconfig", Server.Kubeconfig, "--namespace", "default", .. arguments],
        new CommandInput { Environment = new Dictionary<string, string> { ["HELM_CACHE_HOME"] = _cache.FullName }, Timeout = TimeSpan.FromMinutes(1) },
        TestContext.Current.CancellationToken);

    // The first argument may be the version of kubectl.
    private async Task<string> RunAsync(string input, params string[] arguments) => (await TryAsync(input, arguments)).EnsureSuccess().Output;

    private Task<CommandResult> TryAsync(string input, params string[] arguments) => arguments is [var version, .. var rest] && char.IsAsciiDigit(version[0])
        ? KubectlAsync(version, input, rest)
        : KubectlAsync("1.35", input, arguments);

    private Task<CommandResult> KubectlAsync(string version, string input, string[] arguments) => CommandRunner.RunAsync(
        Path.Combine(RepositoryRoot.Path, $"artifacts/tools/kubectl-{version}/kubectl"),
        ["--kubeconfig", Server.Kubeconfig, "--cache-dir", _cache.FullName, .. arguments],
        new CommandInput { StandardInput = input, Timeout = TimeSpan.FromMinutes(1) },
        TestContext.Current.CancellationToken);
}
