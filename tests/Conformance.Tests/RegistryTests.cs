using System.Text.RegularExpressions;

namespace MiniKube.Conformance.Tests;

/// <summary>Images of a registry. The node has no route to it: all goes through mk's proxy.</summary>
[Collection(EmbeddedCluster.Collection)]
[Trait("Needs", "Machine")]
public sealed class RegistryTests(EmbeddedCluster cluster)
{
    private readonly NodeImages _images = new(cluster);

    private Kubectl Kubectl { get; } = cluster.Kubectl(Versions.Newest);

    [Theory]
    [InlineData("http")]
    [InlineData("https")]
    public async Task Pod_WhoseImageIsOnlyInTheRegistry_PullsItOnceAndRuns(string protocol)
    {
        await using var registry = await StartRegistryAsync(tls: protocol == "https");
        await using var ns = await cluster.CreateNamespaceAsync("pull");
        var image = ImageName("pulled");
        await _images.MakeAsync(image, "pulled");
        await _images.PushAndRemoveAsync(image);
        Assert.False(await _images.IsPresentAsync(image));

        await RunPodAsync(ns.Name, "first", image, "IfNotPresent", "pulled");
        AssertPulled(image, await EventsAsync(ns.Name, "first"));

        await RunPodAsync(ns.Name, "second", image, "IfNotPresent", "pulled");
        var events = await EventsAsync(ns.Name, "second");
        Assert.Contains($"Normal Pulled Container image \"{image}\" already present on machine", events);
        Assert.DoesNotContain(events, line => line.StartsWith("Normal Pulling", StringComparison.Ordinal));

        Assert.Matches(
            $"^docker-pullable://{Regex.Escape(image[..^":1".Length])}@sha256:[0-9a-f]{{64}}$", await Kubectl.ValueAsync(".status.containerStatuses[0].imageID", "pod", "first", "-n", ns.Name));
    }

    [Fact]
    public async Task Pod_WithPullPolicyAlways_RunsWhatTheRegistryHasNow()
    {
        await using var registry = await StartRegistryAsync();
        await using var ns = await cluster.CreateNamespaceAsync("always");
        var image = ImageName("always");
        await _images.MakeAsync(image, "new");
        await _images.PushAndRemoveAsync(image);
        await _images.MakeAsync(image, "old");

        await RunPodAsync(ns.Name, "always", image, "Always", "new");

        AssertPulled(image, await EventsAsync(ns.Name, "always"));
    }

    [Fact]
    public async Task Pod_WhoseTagTheRegistryLacks_IsErrImagePullThenImagePullBackOff()
    {
        await using var registry = await StartRegistryAsync();
        await using var ns = await cluster.CreateNamespaceAsync("missing");
        var image = ImageName("missing");

        await Kubectl.ApplyAsync(Workloads.Pod("missing", image, "IfNotPresent"), "-n", ns.Name);
        await Kubectl.WaitForValueAsync("ImagePullBackOff", ".status.containerStatuses[0].state.waiting.reason", "pod", "missing", "-n", ns.Name);

        var message = $"Error response from daemon: manifest for {image} not found: manifest unknown: manifest unknown";
        Assert.Equal(
            $"Back-off pulling image \"{image}\": ErrImagePull: {message}",
            await Kubectl.ValueAsync(".status.containerStatuses[0].state.waiting.message", "pod", "missing", "-n", ns.Name));
        Assert.Equal("Pending", await Kubectl.ValueAsync(".status.phase", "pod", "missing", "-n", ns.Name));
        var events = await EventsAsync(ns.Name, "missing", "Error: ImagePullBackOff");
        Assert.Equal(
            [
                $"Normal Scheduled Successfully assigned {ns.Name}/missing to node1",
                $"Normal Pulling Pulling image \"{image}\"",
                $"Warning Failed Failed to pull image \"{image}\": {message}",
                "Warning Failed Error: ErrImagePull",
                $"Normal BackOff Back-off pulling image \"{image}\"",
                "Warning Failed Error: ImagePullBackOff",
            ],
            events);
    }

    [Fact]
    public async Task Load_OfAnImageOfTheRegistry_PullsItForPodsThatNeverWould()
    {
        await using var registry = await StartRegistryAsync();
        await using var ns = await cluster.CreateNamespaceAsync("load");
        var image = ImageName("loaded");
        await _images.MakeAsync(image, "loaded");
        await _images.PushAndRemoveAsync(image);

        Assert.Equal($"Pulled image: {image}\n", (await cluster.MkAsync("load", image)).EnsureSuccess().Output);

        await RunPodAsync(ns.Name, "never", image, "Never", "loaded");
    }

    private Task<RegistryProcess> StartRegistryAsync(bool tls = false) => RegistryProcess.StartAsync(cluster.RegistryPort, tls, TestContext.Current.CancellationToken);

    private string ImageName(string name) => $"host.minikube.internal:{cluster.RegistryPort}/{name}-{Guid.NewGuid().ToString("N")[..8]}:1";

    /// <summary>Creates a pod, and waits until its image has printed its word.</summary>
    private async Task RunPodAsync(string ns, string name, string image, string imagePullPolicy, string word)
    {
        await Kubectl.ApplyAsync(Workloads.Pod(name, image, imagePullPolicy), "-n", ns);
        await Kubectl.WaitForValueAsync("Running", ".status.phase", "pod", name, "-n", ns);
        await Kubectl.WaitForAsync(log => log == word + "\n", "logs", name, "-n", ns);
    }

    private static void AssertPulled(string image, IReadOnlyList<string> events)
    {
        Assert.Contains($"Normal Pulling Pulling image \"{image}\"", events);
        Assert.Contains(events, line => Regex.IsMatch(
            line, $@"^Normal Pulled Successfully pulled image ""{Regex.Escape(image)}"" in [0-9.]+m?s \([0-9.]+m?s including waiting\)\. Image size: \d+ bytes\.$"));
    }

    /// <summary>A pod's events in the order in which they were written, once the last awaited one is there.</summary>
    private async Task<IReadOnlyList<string>> EventsAsync(string ns, string pod, string last = "Started container main")
    {
        var text = await Kubectl.WaitForAsync(
            output => output.Contains(last, StringComparison.Ordinal),
            "get", "events", "-n", ns, "--field-selector", $"involvedObject.name={pod}", "-o", "jsonpath={range .items[*]}{.type} {.reason} {.message}{\"\\n\"}{end}");
        return text.Split('\n', StringSplitOptions.RemoveEmptyEntries);
    }
}
