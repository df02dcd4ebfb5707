using System.Collections.Concurrent;

namespace MiniKube.Conformance.Tests.Matrix;

/// <summary>
/// A cluster whose nodes run their pods in memory, and the scripts that have run on it. A script runs once, with all versions of kubectl at the same time, each in
/// a namespace and on a node of its own.
/// </summary>
[CollectionDefinition(Collection)]
public sealed class MatrixCluster() : ClusterFixture("matrix", "--hollow-nodes", "4"), ICollectionFixture<MatrixCluster>
{
    public const string Collection = "matrix";

    private static readonly string[] KubectlVersions = ["1.20", Versions.Older, Versions.Newest];

    private readonly ConcurrentDictionary<(string Script, string Version), Task<IReadOnlyDictionary<int, string>>> _runs = [];

    internal static IReadOnlyList<string> AllVersions => KubectlVersions;

    /// <summary>What is wrong with each row of a script, by its line.</summary>
    internal Task<IReadOnlyDictionary<int, string>> RunAsync(string script, string version)
    {
        foreach (var each in KubectlVersions)
        {
            _runs.GetOrAdd((script, each), _ => Task.Run(() => RunScriptAsync(script, each)));
        }

        return _runs[(script, version)];
    }

    private async Task<IReadOnlyDictionary<int, string>> RunScriptAsync(string script, string version)
    {
        var shell = new MatrixShell(version, Array.IndexOf(KubectlVersions, version), script, Kubeconfig, Scratch);
        await shell.OpenAsync();
        var wrong = new Dictionary<int, string>();
        foreach (var row in MatrixScript.Read(script, version))
        {
            if (await shell.TryRowAsync(row) is { } difference)
            {
                wrong.Add(row.Line, difference);
            }
        }

        await shell.CloseAsync();
        return wrong;
    }
}
