using System.Globalization;
using System.Text;

namespace MiniKube.ControllerManager.Batch.Jobs;

/// <summary>Indexes of a job's pods, as rising intervals: the text in the status is <c>0,2-5,7</c>.</summary>
internal sealed class IndexSet
{
    public static readonly IndexSet Empty = new([]);

    private readonly List<(int First, int Last)> _intervals;

    private IndexSet(List<(int First, int Last)> intervals) => _intervals = intervals;

    public int Count => _intervals.Sum(interval => interval.Last - interval.First + 1);

    /// <summary>Reads a text that validation has seen; indexes that are not below the limit are left out.</summary>
    public static IndexSet Parse(string? text, int limit)
    {
        var intervals = new List<(int First, int Last)>();
        foreach (var part in (text ?? "").Split(',', StringSplitOptions.RemoveEmptyEntries))
        {
            var hyphen = part.IndexOf('-', StringComparison.Ordinal);
            var first = Number(hyphen < 0 ? part : part[..hyphen]);
            var last = Math.Min(hyphen < 0 ? first : Number(part[(hyphen + 1)..]), limit - 1);
            if (first <= last)
            {
                Append(intervals, first, last);
            }
        }

        return new IndexSet(intervals);
    }

    public static IndexSet Of(IEnumerable<int> indexes)
    {
        var intervals = new List<(int First, int Last)>();
        foreach (var index in indexes.Distinct().Order())
        {
            Append(intervals, index, index);
        }

        return new IndexSet(intervals);
    }

    public bool Contains(int index)
    {
        var (low, high) = (0, _intervals.Count - 1);
        while (low <= high)
        {
            var middle = (low + high) / 2;
            var (first, last) = _intervals[middle];
            if (index >= first && index <= last)
            {
                return true;
            }

            (low, high) = index < first ? (low, middle - 1) : (middle + 1, high);
        }

        return false;
    }

    public IndexSet Union(IndexSet other)
    {
        var merged = new List<(int First, int Last)>();
        foreach (var (first, last) in _intervals.Concat(other._intervals).Order())
        {
            Append(merged, first, last);
        }

        return new IndexSet(merged);
    }

    public int CountIn(IndexSet other) => _intervals.Sum(interval => other._intervals.Sum(
        theirs => Math.Max(0, Math.Min(interval.Last, theirs.Last) - Math.Max(interval.First, theirs.First) + 1)));

    /// <summary>The lowest indexes below the limit that are not in the set.</summary>
    public IEnumerable<int> Gaps(int limit)
    {
        var next = 0;
        foreach (var (first, last) in _intervals)
        {
            for (; next < first && next < limit; next++)
            {
                yield return next;
            }

            next = last + 1;
        }

        for (; next < limit; next++)
        {
            yield return next;
        }
    }

    public override string ToString()
    {
        var text = new StringBuilder();
        foreach (var (first, last) in _intervals)
        {
            text.Append(text.Length == 0 ? "" : ",").Append(CultureInfo.InvariantCulture, $"{first}");
            if (last > first)
            {
                text.Append(last == first + 1 ? ',' : '-').Append(CultureInfo.InvariantCulture, $"{last}");
            }
        }

        return text.ToString();
    }

    private static void Append(List<(int First, int Last)> intervals, int first, int last)
    {
        if (intervals.Count > 0 && intervals[^1].Last >= first - 1)
        {
            intervals[^1] = (intervals[^1].First, Math.Max(intervals[^1].Last, last));
        }
        else
        {
            intervals.Add((first, last));
        }
    }

    private static int Number(string text) => int.Parse(text, NumberStyles.None, CultureInfo.InvariantCulture);
}
