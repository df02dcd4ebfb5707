using System.Globalization;
using System.Runtime.InteropServices;
using System.Text.Json;

using Spectre.Console;

namespace MiniKube.Benchmarks;

/// <summary>Prints figures as a table, and writes them as JSON when a file is named. Says on what machine they were measured.</summary>
internal static class Report
{
    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web) { WriteIndented = true };

    /// <summary>What the figures were measured on.</summary>
    public static string Machine { get; } =
        $"{Environment.ProcessorCount} cores of {ProcessorName()}, {RuntimeInformation.OSDescription}, {RuntimeInformation.FrameworkDescription}";

    public static void Write(string title, IReadOnlyList<Figure> figures, string? file, TimeProvider clock)
    {
        var table = new Table { Title = new TableTitle(Markup.Escape($"{title} ({Machine})")) };
        table.AddColumns("figure", "median", "min", "max", "unit", "samples", "aim");
        foreach (var figure in figures)
        {
            table.AddRow(
                Markup.Escape(figure.Name), Number(figure.Median), Number(figure.Samples.Min()), Number(figure.Samples.Max()),
                figure.Unit, Number(figure.Samples.Count), Markup.Escape(figure.Aim));
        }

        AnsiConsole.Write(table);
        if (file is not null)
        {
            var report = new { title, machine = Machine, date = clock.GetUtcNow(), figures = figures.Select(figure => new { figure.Name, figure.Unit, figure.Aim, figure.Median, figure.Samples }) };
            File.WriteAllText(file, JsonSerializer.Serialize(report, Json));
        }
    }

    public static string Number(double value) => value.ToString(value < 100 ? "0.##" : "0", CultureInfo.InvariantCulture);

    private static string ProcessorName() => File.ReadLines("/proc/cpuinfo")
        .FirstOrDefault(line => line.StartsWith("model name", StringComparison.Ordinal))?.Split(':', 2)[1].Trim() ?? "an unknown processor";
}
