namespace MiniKube.Cluster.Images;

/// <summary>An image that <c>manifests/images/build.sh</c> can make: its name, its root filesystem, and what <c>docker import</c> is told of it.</summary>
internal sealed record ImageRecipe(string Name, string Tar, IReadOnlyList<string> Changes)
{
    /// <summary>The registry that has the image of that name; null if only the recipe has it.</summary>
    public Uri? Registry { get; init; }

    public static IReadOnlyList<ImageRecipe> All { get; } =
    [
        new("registry.k8s.io/pause:3.9", "pause.tar", ["ENTRYPOINT [\"/pause\"]"]) { Registry = new Uri("https://registry.k8s.io/v2/") },
        new("busybox:1.36", "busybox.tar", ["CMD [\"sh\"]", "ENV PATH=/bin"]) { Registry = new Uri("https://registry-1.docker.io/v2/") },
        new("mk/echo:1", "echo.tar", ["CMD [\"serve\"]", "ENV PATH=/bin", "EXPOSE 8080"]),
    ];
}
