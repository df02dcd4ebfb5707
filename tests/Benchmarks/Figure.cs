namespace MiniKube.Benchmarks;

/// <summary>One measured value: the median of its samples, in that unit, beside what was aimed at.</summary>
public sealed record Figure(string Name, string Unit, IReadOnlyList<double> Samples, string Aim)
{
    public double Median => Percentile(0.5);

    /// <summary>The sample below which that part of all samples lies (nearest rank).</summary>
    public double Percentile(double part)
    {
        var sorted = Samples.Order().ToList();
        return sorted[Math.Clamp((int)Math.Ceiling(part * sorted.Count) - 1, 0, sorted.Count - 1)];
    }
}
