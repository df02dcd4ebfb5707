using System.Runtime.CompilerServices;

namespace MiniKube.TestSupport;

/// <summary>Finds files of the source tree from a test.</summary>
public static class RepositoryRoot
{
    public static string Path { get; } = Find();

    private static string Find([CallerFilePath] string path = "") =>
        System.IO.Path.GetFullPath(System.IO.Path.Combine(System.IO.Path.GetDirectoryName(path)!, "../.."));
}
