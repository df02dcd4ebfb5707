namespace MiniKube.TestSupport;

/// <summary>Finds files of the source tree from a test: programs are built below it.</summary>
public static class RepositoryRoot
{
    public static string Path { get; } = Find(AppContext.BaseDirectory);

    private static string Find(string? folder)
    {
        while (folder is not null && !File.Exists(System.IO.Path.Combine(folder, "MiniKube.sln")))
        {
            folder = System.IO.Path.GetDirectoryName(folder);
        }

        return folder ?? throw new InvalidOperationException($"{AppContext.BaseDirectory} is not below the source tree.");
    }
}
