using MiniKube.TestSupport;

namespace MiniKube.Conformance.Tests;

/// <summary>Makes images on a node that no other test has, so that where one came from can be told: its pod prints the image's own word.</summary>
internal sealed class NodeImages(ClusterFixture cluster)
{
    /// <summary>Makes an image of busybox alone whose containers print a word and wait.</summary>
    public Task MakeAsync(string image, string word) => cluster.OnNodeAsync("sh", "-c", $"""
        set -e
        cd "$(mktemp -d)"
        mkdir bin
        cp "$(command -v busybox)" bin/busybox
        echo {word} >word
        tar -c . | docker import -c 'CMD ["/bin/busybox", "sh", "-c", "busybox cat /word; exec busybox sleep 1000"]' - {image}
        """);

    /// <summary>Takes an image to its registry and from the node.</summary>
    public async Task PushAndRemoveAsync(string image)
    {
        await cluster.OnNodeAsync("docker", "push", "-q", image);
        await RemoveAsync(image);
    }

    public Task RemoveAsync(string image) => cluster.OnNodeAsync("docker", "image", "rm", image);

    public async Task<bool> IsPresentAsync(string image) => (await cluster.OnNodeAsync("docker", "image", "ls", "-q", image)).Length > 0;

    /// <summary>Writes a <c>docker save</c> archive of a node's image to the machine.</summary>
    public async Task SaveAsync(string image, string file) => (await CommandRunner.RunAsync(
        "sh",
        ["-c", "exec ./mk host --name \"$1\" node1 -- docker save \"$2\" >\"$3\"", "sh", cluster.Name, image, file],
        new CommandInput(),
        TestContext.Current.CancellationToken)).EnsureSuccess();
}
