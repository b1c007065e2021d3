"""Print one line a comparison: its name, our median, the reference's, their ratio and its goal."""

from tests.bench import ranking


def main() -> None:
    print(f"{'name':<40}{'ours':>12}{'reference':>12}{'ratio':>8}  goal")
    for row in ranking.rows():
        print(row, flush=True)


if __name__ == "__main__":
    main()
