"""Steps that must trip a rule at one object, and steps that nearly do: each is called by its notes' heading."""

from manim import (
    BLACK,
    DOWN,
    GRAY,
    LEFT,
    RED,
    RIGHT,
    UP,
    WHITE,
    YELLOW,
    Arrow,
    Circle,
    Dot,
    Line,
    Rectangle,
    Square,
    Text,
    VGroup,
    Write,
    config,
)
from manim_slides import Slide

config.background_color = BLACK


class Cases(Slide):
    def construct(self):
        self.begun = False
        for name in dir(self):
            if name.startswith("case_"):
                if self.begun:
                    notes = (
                        "<img src=https://example.org/a.png>" if name == "case_far_away" else "[a link](https://a.org)"
                    )
                    self.next_slide(notes=f"# {name.removeprefix('case_')}\n\n{notes}")
                self.clear()
                getattr(self, name)()
                self.wait(0.1)
                self.begun = True

    def case_a_first_step_without_anything_wrong(self):
        self.add(Text("All is well"), Square(4))

    def case_tiny(self):
        self.add(Text("TINY", font_size=12), Text("LARGE").shift(UP))

    def case_tiny_lower(self):
        self.add(Text("sour", font_size=12), Text("nose", font_size=18).shift(UP), Text("large").shift(DOWN))

    def case_tiny_turned(self):
        self.add(Text("HEIGHT", font_size=12).rotate(1.5708), Text("HIGH", font_size=20).rotate(1.5708).shift(LEFT))

    def case_small_enough(self):
        self.add(Text("SMALL", font_size=16.5), Text("sour", font_size=16.5).shift(DOWN), Text("ÉÀ 12").shift(UP))

    def case_all_small(self):
        self.add(Text("Quiet", font_size=18), Text("beside nothing", font_size=18.5).shift(UP))

    def case_just_large_enough(self):
        self.add(Text("Small print", font_size=18), Text("Hardly larger", font_size=20).shift(UP))

    def case_small_before_a_title(self):
        self.add(Text("Small print", font_size=18))
        self.play(Write(Text("The title").shift(UP)), run_time=1)
        self.wait(0.5)

    def case_small_beside_another_script(self):
        self.add(Text("Small print", font_size=18), Text("\u0434\u043e\u043c").shift(UP))

    def case_off_right(self):
        self.add(Text("beyond the edge").shift(6 * RIGHT), Text("within"))

    def case_off_below(self):
        self.add(Text("sinking").shift(3.9 * DOWN))

    def case_in_the_margin(self):
        self.add(Text("near the edge").to_edge(LEFT, buff=0.2), Text("by the edge").to_edge(RIGHT))

    def case_inside(self):
        corners = [Text(word).to_corner(place) for word, place in (("one", UP + LEFT), ("two", DOWN + RIGHT))]
        self.add(*corners, Square(30), Line(20 * LEFT, 20 * RIGHT).shift(DOWN), Text("gone").shift(20 * UP))

    def case_two_texts(self):
        self.add(Text("first here"), Text("second there").shift(0.2 * UP), Text("third").shift(2 * UP))

    def case_close_lines(self):
        self.add(
            Text("gypsy").shift(0.245 * UP), Text("EATEN").shift(0.245 * DOWN), Text("gyp gyp\nEAT EAT").shift(2 * UP)
        )

    def case_on_one_another_for_a_while(self):
        self.add(Text("stays there"))
        self.comes_and_goes(0.5)

    def case_on_one_another_for_a_moment(self):
        self.add(Text("stays there"))
        self.comes_and_goes(0.3)

    def comes_and_goes(self, seconds):
        self.wait(0.2)
        other = Text("comes and goes").shift(0.2 * UP)
        self.add(other)
        self.wait(seconds)
        self.remove(other)

    def case_too_close(self):
        upper = Text("noon").shift(UP)
        self.add(upper, Text("HIGH").next_to(upper, DOWN, buff=0.05))

    def case_close_enough(self):
        upper = Text("noon").shift(UP)
        self.add(upper, Text("HIGH").next_to(upper, DOWN, buff=0.12))

    def case_copies(self):
        self.add(Text("twice the same"), Text("twice the same").shift(0.004 * UP))

    def case_behind_a_curtain(self):
        curtain = Rectangle(width=9, height=2, fill_color=GRAY, fill_opacity=1)
        self.add(Text("nobody reads this"), curtain, Text("this is read", color=BLACK))

    def case_half_hidden(self):
        self.add(Text("half of this"), Square(1, fill_color=RED, fill_opacity=1).shift(1.2 * LEFT))

    def case_a_hidden_letter(self):
        word = Text("a long line of many letters", font_size=36)
        self.add(word, Dot(radius=0.1, color=RED).move_to(word[2]))

    def case_dotted_letter(self):
        word = Text("a long line of many letters", font_size=36)
        self.add(word, Dot(radius=0.02, color=RED).move_to(word[2].get_left()))

    def case_under_glass(self):
        self.add(Text("marked"), Rectangle(YELLOW, 1.5, 4, fill_color=YELLOW, fill_opacity=0.2))

    def case_on_a_box(self):
        self.add(Square(3, fill_color=RED, fill_opacity=1), Text("on top", color=BLACK))

    def case_struck(self):
        lines = [Line(2 * LEFT, 2 * RIGHT, stroke_width=14).shift(0.12 * n * UP) for n in (-1, 1)]
        self.add(Text("struck out"), *lines)

    def case_on_a_line(self):
        word = Text("over it")
        self.add(Line(2 * UP, 2 * DOWN).move_to(word[0]), word)

    def case_between_letters(self):
        word = Text("mm")
        self.add(Line(2 * UP, 2 * DOWN).move_to(word), word)

    def case_on_a_faint_line(self):
        word = Text("on a grid")
        self.add(Line(2 * UP, 2 * DOWN, stroke_opacity=0.2).move_to(word[0]), word)

    def case_framed(self):
        word = Text("framed", font_size=40)
        self.add(Rectangle(width=word.width + 0.05, height=word.height + 0.05), word)

    def case_on_a_covered_line(self):
        word = Text("kept clear")
        self.add(Line(2 * UP, 2 * DOWN).move_to(word[0]), word.add_background_rectangle(opacity=1))

    def case_an_arrow_beside(self):
        word = Text("pointed at")
        self.add(word, Arrow(word.get_right(), word.get_right() + 2 * RIGHT, buff=0.1), Circle(3))

    def case_grey_on_black(self):
        self.add(Text("hardly there", color="#444444"), Text("there", color="#999999").shift(UP))

    def case_white_on_yellow(self):
        self.add(Rectangle(YELLOW, 2, 8, fill_color=YELLOW, fill_opacity=1), Text("too light", color=WHITE))

    def case_a_letter_on_white(self):
        word = Text("Year of many letters", font_size=40)
        self.add(Dot(radius=0.14).move_to(word[0].get_bottom()), word)

    def case_a_letter_beside_white(self):
        word = Text("Year of many letters", font_size=40)
        self.add(Dot(radius=0.14).next_to(word[0], LEFT, buff=0.02), word)

    def case_dimmed(self):
        self.add(Text("waits for later").set_opacity(0.3))

    def case_readable(self):
        ground = Rectangle(YELLOW, 2, 8, fill_color=YELLOW, fill_opacity=1).shift(2 * UP)
        outlined = Text("outlined", color=WHITE).set_stroke(BLACK, 12, background=True).move_to(ground)
        self.add(ground, outlined, Text("#808080", color="#808080"), Text("faded away").set_opacity(0.05).shift(DOWN))

    def case_boxes(self):
        self.add(VGroup(Text("a\U0010fffd b"), Text("plain").shift(UP)))

    def case_accents_and_greek(self):
        self.add(Text("\u00c9t\u00e9 \u00e0 Malm\u00f6, \u03bb = 2 \u00d7 \u03c0"))

    def case_a_title_and_notes(self):
        self.add(Square(2))

    def case_a_link_in_the_notes(self):
        self.add(Text("its notes link to a page"))

    def case_far_away(self):
        self.add(Text("its notes show a picture"))

    def case_wordy(self):
        self.add(*[Text("one word of many " * 3, font_size=24).shift((n - 4) * 0.6 * UP) for n in range(9)])

    def case_numbers(self):
        self.add(*[Text("R1 23 4.5 x " * 3, font_size=24).shift((n - 4) * 0.6 * UP) for n in range(9)])

    def case_long(self):
        self.play(Dot().animate.shift(RIGHT), run_time=12.5)

    def case_long_rest(self):
        self.play(Dot().animate.shift(RIGHT), run_time=1)
        self.wait(12)

    def case_more_of_the_same(self):
        self.add(Text("this stays"))
        self.wait(0.1)

    def case_more_of_the_same_again(self):
        self.add(Text("this stays"))

    def case_flashing(self):
        self.flash(1, 8)

    def case_flashing_in_small(self):
        self.flash(0.1, 8)

    def case_flashing_seldom(self):
        self.flash(1, 6)

    def flash(self, scale, times):
        light = Rectangle(height=8 * scale, width=14 * scale, fill_color=WHITE, fill_opacity=1)
        for _ in range(times):
            self.add(light)
            self.wait(0.1)
            self.remove(light)
            self.wait(0.1 if times > 6 else 0.3)

    def case_passing(self):
        walker, other = Text("a walker passes"), Text("another text").shift(0.1 * UP)
        self.add(walker.shift(UP), other)
        self.play(walker.animate.shift(2 * DOWN), run_time=4)

    def case_passing_by(self):
        walker, other = Text("passer").shift(2 * UP), Text("another text")
        self.add(walker, other)
        self.play(walker.animate.shift(4 * DOWN), run_time=1.5)

    def case_passing_a_guest(self):
        self.pass_a_guest(Text("a walker passes"))

    def case_card_passes_a_guest(self):
        name = Text("a walker passes", color=BLACK)
        self.pass_a_guest(VGroup(Rectangle(YELLOW, 0.8, 7, fill_color=YELLOW, fill_opacity=1), name))

    def case_standing_on_a_guest(self):
        # at a rest they lie on one another, which is told once, as what it is
        walker, guest = Text("a walker stays").shift(2 * UP), Text("a guest")
        self.wait(0.2)
        self.add(walker, guest)
        self.wait(0.5)
        self.play(walker.animate.shift(1.9 * DOWN), run_time=2)
        self.wait(0.5)
        self.remove(guest)

    def pass_a_guest(self, walker):
        """One that neither begins nor ends the step."""
        guest = Text("another guest").shift(0.1 * UP)
        walker.shift(1.2 * UP)
        self.wait(0.2)
        self.add(guest, walker)
        self.play(walker.animate.shift(2.4 * DOWN), run_time=4)
        self.remove(guest)

    def case_red_and_green(self):
        self.add(
            *[Square(1, fill_color=c, fill_opacity=1).shift(x * RIGHT) for c, x in (("#C08A4B", -2), ("#7F9B30", 2))]
        )

    def case_red_and_green_with_words(self):
        for colour, x in (("#C08A4B", -2), ("#7F9B30", 2)):
            square = Square(1.5, fill_color=colour, fill_opacity=1).shift(x * RIGHT)
            self.add(square, Text("no" if x < 0 else "yes", color=BLACK, font_size=30).move_to(square))

    def case_blue_and_yellow(self):
        self.add(*[Square(1, fill_color=c, fill_opacity=1).shift(x * RIGHT) for c, x in (("#2060FF", -2), (YELLOW, 2))])

    def case_red_text(self):
        self.add(Text("red alone", color="#FF1010"))
