namespace MiniKube.Conformance.Tests.Matrix;

/// <summary>Every command of kubectl and helm, old and new: exit code and output are what upstream's would be. The commands stand in Scripts/.</summary>
[Collection(MatrixCluster.Collection)]
[Trait("Needs", "Machine")]
public class MatrixTests(MatrixCluster cluster)
{
    public static IEnumerable<TheoryDataRow<string, string, int, string>> Rows() =>
        from script in MatrixScript.Names()
        from version in MatrixCluster.AllVersions
        from row in MatrixScript.Read(script, version)
        select new TheoryDataRow<string, string, int, string>(script, version, row.Line, row.Title);

    [Theory]
    [MemberData(nameof(Rows))]
    public async Task Command_OfAnyVersion_AnswersAsUpstreamDoes(string script, string version, int line, string command)
    {
        var wrong = await cluster.RunAsync(script, version);

        Assert.False(wrong.TryGetValue(line, out var difference), $"{script}.txt:{line} with kubectl {version}: {command}\n{difference}");
    }
}
