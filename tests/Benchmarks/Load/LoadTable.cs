namespace MiniKube.Benchmarks.Load;

/// <summary>The figures as the table of docs/figures.md: one line each, our server on one store beside itself on the other, and upstream.</summary>
internal static class LoadTable
{
    private const string Separator = ": ";

    public static void Write(string file, IReadOnlyList<Figure> figures, IReadOnlyList<string> versions, IReadOnlyList<string> stores, TimeProvider clock)
    {
        var rows = figures.GroupBy(figure => NameOf(figure, stores)).ToList();
        File.WriteAllLines(
            file,
            [
                $"{string.Join(", ", versions)}; {Report.Machine}, {clock.GetUtcNow():yyyy-MM-dd}; median, and least to most where there are several samples.",
                "",
                $"| figure | unit | {string.Join(" | ", stores)} | upstream on etcd; aim |",
                $"|---|---|{string.Concat(stores.Select(_ => "---|"))}---|",
                .. rows.Select(row => $"| {row.Key} | {row.First().Unit} | {string.Join(" | ", stores.Select(store => Cell(row, store)))} | {row.First().Aim} |"),
            ]);
    }

    private static string NameOf(Figure figure, IReadOnlyList<string> stores) =>
        stores.FirstOrDefault(store => figure.Name.StartsWith(store + Separator, StringComparison.Ordinal)) is { } store
            ? figure.Name[(store.Length + Separator.Length)..]
            : figure.Name;

    private static string Cell(IEnumerable<Figure> row, string store) =>
        row.FirstOrDefault(figure => figure.Name.StartsWith(store + Separator, StringComparison.Ordinal)) is not { } figure ? ""
        : figure.Samples.Count == 1 ? Report.Number(figure.Median)
        : $"{Report.Number(figure.Median)} ({Report.Number(figure.Samples.Min())} to {Report.Number(figure.Samples.Max())})";
}
