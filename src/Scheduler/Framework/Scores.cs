namespace MiniKube.Scheduler.Framework;

/// <summary>Arithmetic that scorers share.</summary>
internal static class Scores
{
    /// <summary>Scales so that the highest becomes 100; reversed, the highest becomes 0. When all are 0 there is nothing to tell them apart.</summary>
    public static void ScaleToMax(Span<long> scores, bool reverse)
    {
        var max = 0L;
        foreach (var score in scores)
        {
            max = Math.Max(max, score);
        }

        for (var i = 0; i < scores.Length; i++)
        {
            var scaled = max == 0 ? 0 : scores[i] * IPodScorer.MaxScore / max;
            scores[i] = reverse ? IPodScorer.MaxScore - scaled : scaled;
        }
    }

    /// <summary>Scales so that the lowest becomes 0 and the highest 100; all are 0 when they are equal.</summary>
    public static void ScaleToRange(Span<long> scores)
    {
        var (min, max) = (long.MaxValue, long.MinValue);
        foreach (var score in scores)
        {
            (min, max) = (Math.Min(min, score), Math.Max(max, score));
        }

        for (var i = 0; i < scores.Length; i++)
        {
            scores[i] = max == min ? 0 : IPodScorer.MaxScore * (scores[i] - min) / (max - min);
        }
    }
}
