namespace MiniKube.Cluster.Shell;

/// <summary>Files that travel inside the program: the boot script, the image recipes and the manifests of what every cluster has.</summary>
internal static class Resource
{
    public static string Read(string name)
    {
        using var reader = new StreamReader(Open(name));
        return reader.ReadToEnd();
    }

    /// <summary>The files whose name starts with the prefix, in order.</summary>
    public static IEnumerable<string> Names(string prefix) =>
        typeof(Resource).Assembly.GetManifestResourceNames().Where(name => name.StartsWith(prefix, StringComparison.Ordinal)).Order(StringComparer.Ordinal);

    /// <summary>Writes every file whose name starts with the prefix below a folder; scripts keep running by being read, not executed.</summary>
    public static void Extract(string prefix, string folder)
    {
        foreach (var name in Names(prefix))
        {
            var file = Path.Combine(folder, name[prefix.Length..]);
            Directory.CreateDirectory(Path.GetDirectoryName(file)!);
            using var source = Open(name);
            using var target = File.Create(file);
            source.CopyTo(target);
        }
    }

    private static Stream Open(string name) =>
        typeof(Resource).Assembly.GetManifestResourceStream(name) ?? throw new InvalidOperationException($"{name} is not in the program.");
}
