using System.Xml.Linq;

using MiniKube.TestSupport;

namespace MiniKube.Cluster.Tests;

public sealed class ArchitectureTests
{
    // Lower layers first. A project may refer only to projects of lower layers, never to its own.
    private static readonly string[][] Layers =
    [
        ["Api", "Storage", "Hosting"],
        ["Client"],
        ["ApiServer", "Scheduler", "ControllerManager", "Kubelet", "Proxy", "Overlay", "Dns"],
        ["Cluster"],
    ];

    private static readonly string[] StorageUsers = ["ApiServer", "Overlay"];

    [Fact]
    public void ProjectReferences_PointDownTheLayers()
    {
        var references = References().ToList();

        Assert.NotEmpty(references);
        Assert.Empty(references.Where(IsWrong).Select(reference => $"{reference.User} -> {reference.Used}"));
    }

    private static bool IsWrong((string User, string Used) reference) =>
        LayerOf(reference.Used) < 0
        || LayerOf(reference.Used) >= LayerOf(reference.User)
        || (reference.Used == "Storage" && !StorageUsers.Contains(reference.User))
        || (reference.Used == "Client" && reference.User == "ApiServer");

    private static IEnumerable<(string User, string Used)> References() =>
        from project in Directory.EnumerateFiles(Path.Combine(RepositoryRoot.Path, "src"), "*.csproj", SearchOption.AllDirectories)
        from reference in XDocument.Load(project).Descendants("ProjectReference")
        select (Path.GetFileNameWithoutExtension(project), Path.GetFileNameWithoutExtension(reference.Attribute("Include")!.Value));

    private static int LayerOf(string project) => Array.FindIndex(Layers, layer => layer.Contains(project));
}
