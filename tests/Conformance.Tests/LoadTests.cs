using MiniKube.TestSupport;

namespace MiniKube.Conformance.Tests;

/// <summary><c>mk load</c> of archives, without a registry.</summary>
[Collection(EmbeddedCluster.Collection)]
[Trait("Needs", "Machine")]
public sealed class LoadTests(EmbeddedCluster cluster) : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("mk-load-").FullName;
    private readonly NodeImages _images = new(cluster);

    private Kubectl Kubectl { get; } = cluster.Kubectl(Versions.Newest);

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public async Task Load_OfAnArchiveOfDockerSave_ServesAPodThatNeverPulls()
    {
        await using var ns = await cluster.CreateNamespaceAsync("load");
        var image = $"mk/saved-{Guid.NewGuid().ToString("N")[..8]}:1";
        var archive = Path.Combine(_folder, "saved.tar");
        await _images.MakeAsync(image, "saved");
        await _images.SaveAsync(image, archive);
        await _images.RemoveAsync(image);

        await Kubectl.ApplyAsync(Workloads.Pod("never", image, "Never"), "-n", ns.Name);
        await Kubectl.WaitForValueAsync("ErrImageNeverPull", ".status.containerStatuses[0].state.waiting.reason", "pod", "never", "-n", ns.Name);
        var events = await Kubectl.WaitForAsync(
            text => text.Contains("Error: ", StringComparison.Ordinal), "get", "events", "-n", ns.Name, "-o", "jsonpath={range .items[*]}{.type} {.reason} {.message}{\"\\n\"}{end}");
        Assert.EndsWith(
            $"Warning ErrImageNeverPull Container image \"{image}\" is not present with pull policy of Never\nWarning Failed Error: ErrImageNeverPull\n",
            events,
            StringComparison.Ordinal);

        Assert.Equal($"Loaded image: {image}\n", (await cluster.MkAsync("load", archive)).EnsureSuccess().Output);

        // The kubelet looks again by itself.
        await Kubectl.WaitForValueAsync("Running", ".status.phase", "pod", "never", "-n", ns.Name);
        await Kubectl.WaitForAsync(log => log == "saved\n", "logs", "never", "-n", ns.Name);
    }

    [Fact]
    public async Task Load_OfWhatIsNotThere_SaysSoAndFailsWith1()
    {
        var missing = Path.Combine(_folder, "missing.tar");

        var result = await cluster.MkAsync("load", missing);

        Assert.Equal($"mk: There is no file {missing}.\n", result.Error);
        Assert.Equal(1, result.ExitCode);
    }

    [Fact]
    public async Task Load_OfARootFilesystem_SaysWhatItWantsAndFailsWith1()
    {
        var file = Path.Combine(_folder, "root.tar");
        await System.Formats.Tar.TarFile.CreateFromDirectoryAsync("/etc/apt", file, includeBaseDirectory: true, TestContext.Current.CancellationToken);

        var result = await cluster.MkAsync("load", file);

        Assert.StartsWith($"mk: {file} could not be loaded; is it an archive that \"docker save\" wrote?\n", result.Error, StringComparison.Ordinal);
        Assert.Equal(1, result.ExitCode);
    }

    [Fact]
    public async Task Load_ToHollowNodes_SaysThatTheyNeedNoneAndFailsWith1()
    {
        await using var hollow = new HollowCluster();
        await hollow.InitializeAsync();
        await Eventually.GetAsync(
            _ => hollow.MkAsync("status"),
            status => status.ExitCode == 0 && status.Output.EndsWith(" ready, 2 of 2 nodes Ready\n", StringComparison.Ordinal),
            TimeSpan.FromSeconds(60),
            TestContext.Current.CancellationToken);

        var result = await hollow.MkAsync("load", "mk/echo:1");

        Assert.Equal("mk: The nodes of cluster conformance-hollow are hollow: they need no images.\n", result.Error);
        Assert.Equal(1, result.ExitCode);
    }

    private sealed class HollowCluster() : ClusterFixture("conformance-hollow", "--hollow-nodes", "2");
}
